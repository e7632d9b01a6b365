import { AsyncLocalStorage } from 'node:async_hooks';
import { appendAudit } from '@trueup/access';
import type { Act, AuditActor } from '@trueup/access';
import type { EntityManager } from 'typeorm';

/** Whose tenant and name an act goes under. */
export interface Author {
  tenantId: string;
  actor: AuditActor;
}

const store = new AsyncLocalStorage<CurrentAct>();

/** The request that is being carried out, if it may change something: knows what the audit will say of it. */
export class CurrentAct {
  /** Whether the audit has its entry, or nothing was changed. */
  isSettled = false;

  constructor(
    /** Asked only when there is something to tell: by then the request has proved to be sound. */
    private readonly told: () => Omit<Act, 'tenantId' | 'actor'>,
    private readonly author: Author | null,
  ) {}

  /** Everything that `work` starts belongs to this act. */
  run<T>(work: () => T): T {
    return store.run(this, work);
  }

  /** Writes the entry inside the transaction of the act. */
  async tellIn(tx: EntityManager, subject: Readonly<Record<string, string>> = {}, author = this.author): Promise<void> {
    const told = this.told();
    if (!author) throw new Error(`Nobody is named as the author of ${told.action}`);
    await appendAudit(tx, { ...told, ...author, subject: { ...told.subject, ...subject } });
  }

  static get(): CurrentAct {
    const act = store.getStore();
    if (!act) throw new Error('Something is decided outside of a request that may change anything');
    return act;
  }
}
