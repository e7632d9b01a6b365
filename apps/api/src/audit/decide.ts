import { inTransaction } from '@trueup/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { CurrentAct } from './current-act.js';
import type { Author } from './current-act.js';

/** What the audit cannot know by itself. */
export interface Telling<T> {
  /** Whether the work changed something; without a change there is no entry. Always, unless said. */
  isChange?(result: T): boolean;
  /** Ids that the work made. */
  subject?(result: T): Readonly<Record<string, string>>;
  /** Who acted, where the request itself does not say it: a sign-in. */
  author?(result: T): Author;
}

/**
 * Carries out what the current request decides, in one transaction that also holds its entry of the audit: neither is ever there
 * without the other. Every route that changes something goes through here; one that does not is answered with a fault.
 */
export async function decide<T>(db: DataSource, work: (tx: EntityManager) => Promise<T>, telling: Telling<T> = {}): Promise<T> {
  const act = CurrentAct.get();
  const result = await inTransaction(db, async (tx) => {
    const done = await work(tx);
    if (telling.isChange?.(done) ?? true) await act.tellIn(tx, telling.subject?.(done), telling.author?.(done));
    return done;
  });
  act.isSettled = true;
  return result;
}
