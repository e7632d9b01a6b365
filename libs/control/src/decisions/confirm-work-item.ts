import { randomUUIDv7 } from 'node:crypto';
import { type Outcome, type PlainDate, type Step, type WorkItem, laterOf } from '@trueup/contracts';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { lockAgreementLines } from '../agreement-lines/agreement-line-store.js';
import type { AgreementLineRow } from '../agreement-lines/agreement-line-row.js';
import type { DecisionMaker } from './decision-maker.js';
import { listWorkItems } from './list-work-items.js';
import type { Refusal } from './resolve-agreement-line.js';
import { storeResolution } from './resolutions.js';

/** What a person says that a work item ended in: the PSA holds `quantity` from `date` on. */
export interface DoneWork {
  quantity: string;
  date: PlainDate;
  note: string;
}

export type WorkItemRefusal = Refusal<'unknown' | 'already-done'>;

/**
 * Records that a person did in the PSA what its API cannot, together with the command that makes change-control act on it: the line is
 * released again with what the person vouches for, which is the level that it and every later change start from. Days before `date` are
 * left as they are. An item that has become another one is unknown.
 */
export async function confirmWorkItem(
  tx: EntityManager,
  tenantId: string,
  workItemId: string,
  { quantity, date, note, actor, now }: DecisionMaker & DoneWork,
): Promise<{ ok: true; resolutionId: string } | WorkItemRefusal> {
  const [seen] = await listWorkItems(tx, tenantId, 'tenant', { limit: 1, workItemId });
  const [row] = seen ? await lockAgreementLines(tx, [seen]) : [];
  const [item] = row ? await listWorkItems(tx, tenantId, 'tenant', { limit: 1, workItemId }) : [];
  if (!item || !row) return { refused: 'unknown', text: 'There is no such work item any more' };
  if (item.doneBy !== undefined) return { refused: 'already-done', text: 'The work item is done already' };
  const { connectionId, agreementLineKey } = item;
  const id = `res_${randomUUIDv7()}`;
  const found = { steps: [...stepsBefore(row, item, date), { from: date, quantity }] };
  const decided = { choice: 'overwrite', cause: 'MANUAL', units: null, to: null } as const;
  const from = laterOf(date, row.writesFrom ?? date);
  const made = { reason: note, from, found, actor, at: now, workItemId };
  await storeResolution(tx, { id, tenantId, connectionId, agreementLineKey, ...decided, ...made });
  await appendCommand(tx, 'control', { tenantId, kind: 'resolve', payload: { resolutionId: id } });
  return { ok: true, resolutionId: id };
}

/** What the PSA held on the days before: as last read, or as the connector knew it. */
function stepsBefore(row: AgreementLineRow, item: WorkItem, date: PlainDate): Step[] {
  const held = row.held as NonNullable<Outcome['held']> | null;
  if (held && held.steps !== 'unreadable') return held.steps.filter((step) => step.from < date);
  const first = row.writesFrom ?? item.effectiveDate;
  return item.from !== undefined && first < date ? [{ from: first, quantity: item.from }] : [];
}
