import { type Quantity, toQuantity } from '@trueup/contracts';
import type { Holding } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { HOLDING_COLUMNS, type HoldingColumns, toHolding } from './holding-rows.js';

/** A line to count, and the instant before which nothing needs its own row any more: the start of its oldest period. */
export interface CountedLine {
  tenantId: string;
  lineKey: string;
  since: Date;
}

const LONG_AGO = '0001-01-01T00:00:00.000Z';

/**
 * The billable rows of lines, by line key (which tenants never share). Rows that have not moved since the oldest period's start stand
 * together as one row with their sum: counting a line costs what changed, not what is held.
 */
export async function readRowsOfLines(tx: SqlRunner, lines: readonly CountedLine[]): Promise<Map<string, Holding[]>> {
  if (lines.length === 0) return new Map();
  const keys = [lines.map((line) => line.tenantId), lines.map((line) => line.lineKey), lines.map((line) => line.since)];
  const joined =
    'join unnest($1::text[], $2::text[], $3::timestamptz[]) as k(tenant_id, line_key, since) using (tenant_id, line_key)';
  const moved = await tx.query<HoldingColumns[]>(
    `select ${HOLDING_COLUMNS} from billing.holding h ${joined} where h.is_billable and h.changed_at >= k.since`,
    keys,
  );
  const still = await tx.query<{ line_key: string; level: string }[]>(
    `select h.line_key, sum(h.level) as level from billing.holding h ${joined}
     where h.is_billable and h.changed_at < k.since group by h.line_key`,
    keys,
  );
  const rows = Map.groupBy(
    moved.map((row) => toHolding(row).holding),
    (holding) => holding.lineKey!,
  );
  for (const { line_key: lineKey, level } of still)
    rows.set(lineKey, [standing(lineKey, toQuantity(level)), ...(rows.get(lineKey) ?? [])]);
  return rows;
}

/** One row that stands for all that did not move. */
function standing(lineKey: string, quantity: Quantity): Holding {
  const begin = { at: LONG_AGO, quantity, eventId: '', actor: {} };
  const names = { serviceName: '', planCode: '', planName: '' };
  return {
    identity: { customerCode: '', userCode: '', kind: 'service', code: '', instance: '' },
    rowKey: '',
    sku: '',
    term: '',
    billingPlan: '',
    siteCode: '',
    ...names,
    lineKey,
    billable: true,
    reason: null,
    firstFrom: LONG_AGO,
    lastTo: null,
    intervals: [{ from: LONG_AGO, fromEventId: '', fromActor: {}, opened: 'assigned', ...names, steps: [begin] }],
  };
}
