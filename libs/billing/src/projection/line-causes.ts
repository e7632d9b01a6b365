import { type Cause } from '@trueup/contracts';
import { causesOf, type Holding, nameNow } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import type { HoldingChange } from './derive-holdings.js';
import { userIdOf } from './slot.js';
import { readUsers } from './stored-states.js';

/** Why each line moved, by line key, in the order of what happened. */
export async function readCauses(tx: SqlRunner, changes: readonly HoldingChange[]): Promise<Map<string, Cause[]>> {
  const names = await namesOf(tx, changes);
  const causes = new Map<string, Cause[]>();
  for (const change of changes) {
    const userName = names(change);
    for (const [lineKey, sides] of sidesByLine(change)) {
      const known = causes.get(lineKey) ?? [];
      known.push(...causesOf(sides.before, sides.after, userName));
      causes.set(lineKey, known);
    }
  }
  for (const list of causes.values())
    list.sort((a, b) => (a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0));
  return causes;
}

/** A row keeps its line for life; only a row without a line can stand beside one with it. */
function sidesByLine({ before, after }: HoldingChange): Map<string, { before?: Holding; after?: Holding }> {
  const sides = new Map<string, { before?: Holding; after?: Holding }>();
  if (before?.lineKey) sides.set(before.lineKey, { before });
  if (after?.lineKey) sides.set(after.lineKey, { ...sides.get(after.lineKey), after });
  return sides;
}

async function namesOf(tx: SqlRunner, changes: readonly HoldingChange[]): Promise<(change: HoldingChange) => string | undefined> {
  const slotOfChange = ({ tenantId, before, after }: HoldingChange) => ({ tenantId, ...(after ?? before)!.identity });
  const users = changes.map(slotOfChange).filter(({ userCode }) => userCode !== '');
  const distinct = [...new Map(users.map((user) => [userIdOf(user), user])).values()];
  const states = await readUsers(tx, distinct);
  return (change) => nameNow(states.get(userIdOf(slotOfChange(change)))?.names ?? [])?.name;
}
