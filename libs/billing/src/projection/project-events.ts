import type { EntityManager } from 'typeorm';
import { openPeriods } from '../settings/open-periods.js';
import { lockCustomers } from './customer-locks.js';
import { deriveHoldings } from './derive-holdings.js';
import { emitLines } from './emit-lines.js';
import type { EventRow } from './event-row.js';
import { foldBatch } from './fold-batch.js';
import { readCauses } from './line-causes.js';
import { linesOfCustomers } from './line-rows.js';
import { distinctLines, linesOf, movesOf } from './lines-of-changes.js';
import { type ProjectionContext, readContext, readRowRules } from './projection-context.js';
import { quarantine } from './quarantine.js';
import { customerIdOf } from './slot.js';
import { type StoredEvents, storeEvents } from './store-events.js';
import { traceHeadersOfRows } from './trace-headers.js';

/** What became of a batch's events; `applied + duplicates + conflicts` is their number. */
export interface Projected {
  applied: number;
  duplicates: number;
  conflicts: number;
  /** Line targets sent. */
  sent: number;
  /** Which they were. */
  stored: StoredEvents;
}

const NOTHING: StoredEvents = { fresh: [], duplicates: [], conflicts: [] };

/**
 * Projects events inside the caller's transaction: events, folds, rows, line targets, outbox. Any order, duplication and batching gives
 * the same rows and schedules. Customers are locked first; nothing is read before that.
 */
export async function projectEvents(tx: EntityManager, rows: readonly EventRow[], now: Date): Promise<Projected> {
  if (rows.length === 0) return { applied: 0, duplicates: 0, conflicts: 0, sent: 0, stored: NOTHING };
  const locked = await lockCustomers(
    tx,
    rows.map(({ slot }) => slot),
  );
  const stored = await storeEvents(tx, rows);
  const { fresh, duplicates, conflicts } = stored;
  await quarantine(tx, conflicts.map(toConflict), now);
  const sent = fresh.length === 0 ? 0 : await applyFresh(tx, fresh, locked, now);
  return { applied: fresh.length, duplicates: duplicates.length, conflicts: conflicts.length, sent, stored };
}

async function applyFresh(
  tx: EntityManager,
  fresh: readonly EventRow[],
  locked: Awaited<ReturnType<typeof lockCustomers>>,
  now: Date,
): Promise<number> {
  const context = await readContext(tx, locked, now);
  await openPeriodsBack(tx, fresh, context);
  const folded = await foldBatch(tx, fresh, locked);
  const rulesOf = await readRowRules(
    tx,
    folded.assignments.map(({ slot }) => slot),
    context,
  );
  const changes = await deriveHoldings(tx, folded.assignments, rulesOf);
  const changedCustomers = folded.customers.map(({ tenantId, state }) => ({ tenantId, ...state }));
  const before = locked.flatMap((customer) => (customer.state ? [[customerIdOf(customer), customer.state] as const] : []));
  const after = changedCustomers.map(({ tenantId, ...state }) => [customerIdOf({ tenantId, ...state }), state] as const);
  const lines = [...linesOf(changes), ...(await linesOfCustomers(tx, changedCustomers))];
  return emitLines(tx, {
    lines: distinctLines(lines),
    context,
    customers: new Map([...before, ...after]),
    causes: await readCauses(tx, changes),
    moved: movesOf(changes),
    traces: traceHeadersOfRows(fresh),
  });
}

function openPeriodsBack(tx: EntityManager, fresh: readonly EventRow[], context: ProjectionContext): Promise<void> {
  const earliest = new Map<string, number>();
  for (const { slot, event } of fresh) {
    earliest.set(slot.tenantId, Math.min(earliest.get(slot.tenantId) ?? Infinity, Date.parse(event.time)));
  }
  const openings = [...earliest].map(([tenantId, earliestMs]) => ({ settings: context.of(tenantId), earliestMs }));
  return openPeriods(tx, openings, context.now);
}

function toConflict({ slot, event, origin }: EventRow) {
  const detail = `Another event has source ${JSON.stringify(event.source)} and id ${JSON.stringify(event.id)}; the first one counts`;
  return { tenantId: slot.tenantId, reason: 'event-conflict' as const, errors: [{ pointer: '/id', detail }], origin };
}
