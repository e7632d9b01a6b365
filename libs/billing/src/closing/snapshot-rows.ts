import { type Item, toQuantity } from '@trueup/contracts';
import { type Holding, itemsOf, lineSchedule, type NameBook, type Period, summaryOf } from '@trueup/domain';
import type { LineCounts } from '../projection/closed-line.js';
import type { CustomerKey } from '../projection/customer-locks.js';
import { HOLDING_COLUMNS, type HoldingColumns, toHolding } from '../projection/holding-rows.js';
import { readNames } from '../queries/name-book.js';
import type { SqlRunner } from '../sql-runner.js';

/** A row of a snapshot: as people read it, and as lines are counted from it. */
export interface SnapshotItem {
  item: Item;
  holding: Holding;
}

/** A line of a snapshot. `opening`: units held before the period's first instant. */
export interface SnapshotLine {
  lineKey: string;
  customerCode: string;
  sku: string;
  opening: string;
  counts: LineCounts;
}

/** What customers of one tenant hold in a period. */
export interface SnapshotPart {
  items: SnapshotItem[];
  /** Without those that held nothing. */
  lines: SnapshotLine[];
  names: NameBook;
}

/** Takes the part of a snapshot that belongs to locked customers of one tenant, from their rows as they are. */
export async function takePart(tx: SqlRunner, customers: readonly CustomerKey[], period: Period): Promise<SnapshotPart> {
  const { tenantId } = customers[0]!;
  const holdings = await readHoldingsIn(tx, customers, period);
  const names = await readNames(tx, tenantId, holdings);
  const items = holdings.flatMap((holding) =>
    itemsOf([holding], period, period.timeZone, names).map((item) => ({ item, holding })),
  );
  return { items, lines: linesIn(holdings, period), names };
}

async function readHoldingsIn(tx: SqlRunner, customers: readonly CustomerKey[], period: Period): Promise<Holding[]> {
  const rows = await tx.query<HoldingColumns[]>(
    `select ${HOLDING_COLUMNS} from billing.holding h
     where h.tenant_id = $1 and h.customer_code = any($2::text[]) and h.first_from < $3 and (h.last_to is null or h.last_to >= $4)
     order by h.customer_code, h.user_code, h.kind, h.code, h.instance, h.row_key`,
    [
      customers[0]!.tenantId,
      customers.map(({ customerCode }) => customerCode),
      new Date(period.endsAtMs),
      new Date(period.startsAtMs),
    ],
  );
  return rows.map((row) => toHolding(row).holding);
}

function linesIn(holdings: readonly Holding[], period: Period): SnapshotLine[] {
  const billable = holdings.filter(({ lineKey, billable: counts }) => counts && lineKey !== null);
  const lines = [...Map.groupBy(billable, ({ lineKey }) => lineKey!)].map(([lineKey, rows]) => lineIn(lineKey, rows, period));
  return lines.filter(({ counts }) => counts.present !== '0' || counts.removed !== '0');
}

function lineIn(lineKey: string, rows: readonly Holding[], period: Period): SnapshotLine {
  const { present, peak, removed, steps } = lineSchedule(rows, [{ ...period, state: 'closed' }], period.timeZone)[0]!;
  const { identity, sku } = rows[0]!;
  const opening = toQuantity(summaryOf(rows, period, period.timeZone).lastCount);
  return { lineKey, customerCode: identity.customerCode, sku, opening, counts: { present, peak, removed, steps } };
}
