import type { Outcome } from '@trueup/contracts';
import { recordListPart, recordListProblem } from '@trueup/control';
import type { EntityManager } from 'typeorm';

/** Keeps what connectors listed of their PSAs: parts as they come, or why there are none. */
export async function recordLists(tx: EntityManager, outcomes: readonly Outcome[]): Promise<void> {
  for (const { kind, tenantId, connectionId, listRequested: number, list, code, message } of outcomes) {
    if (kind !== 'listed' || number === undefined) continue;
    const answer = { tenantId, connectionId, number };
    if (list === undefined) await recordListProblem(tx, { ...answer, problem: { code, message } });
    else await recordListPart(tx, { ...answer, list });
  }
}
