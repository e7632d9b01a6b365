import { type Quantity, toQuantity } from '@trueup/contracts';
import { addQuantities, type Holding, type QuantityStep } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { HOLDING_COLUMNS, type HoldingColumns, toHolding } from './holding-rows.js';

/** A line to count, and the instant before which nothing needs its own row any more: the start of its oldest period. */
export interface CountedLine {
  tenantId: string;
  lineKey: string;
  since: Date;
}

/** Units that came at an instant and stayed; `at` null: before anything that is counted. */
interface Rise {
  line_key: string;
  at: Date | null;
  level: string;
}

const LONG_AGO = '0001-01-01T00:00:00.000Z';
const JOINED =
  'join unnest($1::text[], $2::text[], $3::timestamptz[]) as k(tenant_id, line_key, since) using (tenant_id, line_key)';

/**
 * The billable rows of lines, by line key (which tenants never share). Rows that only rose, and rows that have not moved since the
 * oldest period's start, stand together as one row: every count is the same, and counting a line does not read what it holds.
 */
export async function readRowsOfLines(tx: SqlRunner, lines: readonly CountedLine[]): Promise<Map<string, Holding[]>> {
  if (lines.length === 0) return new Map();
  const keys = [lines.map((line) => line.tenantId), lines.map((line) => line.lineKey), lines.map((line) => line.since)];
  const moved = await tx.query<HoldingColumns[]>(
    `select ${HOLDING_COLUMNS} from billing.holding h ${JOINED}
     where h.is_billable and not h.only_rose and h.changed_at >= k.since`,
    keys,
  );
  const rises = await tx.query<Rise[]>(
    `select h.line_key, case when h.changed_at < k.since then null else h.changed_at end as at, sum(h.level)::text as level
     from billing.holding h ${JOINED}
     where h.is_billable and (h.only_rose or h.changed_at < k.since) group by 1, 2 order by 1, 2 nulls first`,
    keys,
  );
  const rows = Map.groupBy(
    moved.map((row) => toHolding(row).holding),
    (holding) => holding.lineKey!,
  );
  for (const [lineKey, steps] of Map.groupBy(rises, (rise) => rise.line_key)) {
    rows.set(lineKey, [...(rows.get(lineKey) ?? []), risen(lineKey, cumulated(steps))]);
  }
  return rows;
}

function cumulated(rises: readonly Rise[]): QuantityStep[] {
  let quantity: Quantity = '0';
  return rises.map(({ at, level }) => {
    quantity = addQuantities(quantity, toQuantity(level));
    return { at: at?.toISOString() ?? LONG_AGO, quantity, eventId: '', actor: {} };
  });
}

/** One row that stands for all that rose and stayed. */
function risen(lineKey: string, steps: QuantityStep[]): Holding {
  const names = { serviceName: '', planCode: '', planName: '' };
  const from = steps[0]!.at;
  return {
    identity: { customerCode: '', userCode: '', kind: 'service', code: '', instance: '' },
    rowKey: '',
    ...{ sku: '', term: '', billingPlan: '', siteCode: '' },
    ...names,
    lineKey,
    billable: true,
    reason: null,
    firstFrom: from,
    lastTo: null,
    intervals: [{ from, fromEventId: '', fromActor: {}, opened: 'assigned', ...names, steps }],
  };
}
