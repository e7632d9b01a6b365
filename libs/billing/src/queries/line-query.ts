import type { Explain, Line, Quantity, Step } from '@trueup/contracts';
import { explainLine, type Holding, lineSchedule, type Summary, summaryOf } from '@trueup/domain';
import { readSnapshotLines } from '../closing/read-snapshot.js';
import { nothingIn } from '../projection/closed-line.js';
import { HOLDING_COLUMNS, type HoldingColumns, toHolding } from '../projection/holding-rows.js';
import { readRowsOfLines } from '../projection/line-rows-held.js';
import type { SqlRunner } from '../sql-runner.js';
import { explainFrozen, frozenSummary, rowsBefore } from './frozen-lines.js';
import type { LineQuery } from './line-question.js';
import { readNames } from './name-book.js';
import { keyOfCursor, type Page, type PageRequest, pageOf } from './page.js';
import { Bindings, reachPredicate } from './reach-predicate.js';

/** A line of a period without what became of it in any PSA. */
export type BillingLine = Omit<Line, 'deliveries'>;

/** Units of one customer and sku before the period and at its end so far. */
export interface SummaryRow {
  customerCode: string;
  customerName: string;
  sku: string;
  lastCount: Quantity;
  difference: Quantity;
  thisCount: Quantity;
}

type KnownLine = Omit<BillingLine, 'periodId' | 'quantity' | 'steps'>;

const LINE_COLUMNS = `l.line_key as "lineKey", l.customer_code as "customerCode", l.sku, l.term, l.billing_plan as "billingPlan",
  l.site_code as "siteCode", l.target_version::int as "targetVersion"`;

/** A page of lines by customer and key, each with its steps in the period. */
export async function findLines(database: SqlRunner, query: LineQuery, page: PageRequest): Promise<Page<BillingLine>> {
  const bindings = new Bindings();
  const conditions = lineConditions(query, bindings);
  const after = keyOfCursor(page.cursor, 2);
  if (after !== undefined)
    conditions.push(`(l.customer_code, l.line_key) > (${after.map((part) => bindings.add(part)).join(', ')})`);
  const lines = await database.query<KnownLine[]>(
    `select ${LINE_COLUMNS} from billing.line_target l where ${conditions.join(' and ')}
     order by l.customer_code, l.line_key limit ${page.limit + 1}`,
    bindings.values,
  );
  const counted = await countIn(database, query, lines);
  return pageOf(
    counted,
    page.limit,
    (line) => [line.customerCode, line.lineKey],
    (line) => line,
  );
}

/** One line in the period; null when the tenant has none of this key within reach. */
export async function findLine(database: SqlRunner, query: LineQuery, lineKey: string): Promise<BillingLine | null> {
  const bindings = new Bindings();
  const conditions = [...lineConditions(query, bindings), `l.line_key = ${bindings.add(lineKey)}`];
  const lines = await database.query<KnownLine[]>(
    `select ${LINE_COLUMNS} from billing.line_target l where ${conditions.join(' and ')}`,
    bindings.values,
  );
  return (await countIn(database, query, lines))[0] ?? null;
}

/** Why a line has its quantity in the period; null like `findLine`. */
export async function findExplanation(database: SqlRunner, query: LineQuery, lineKey: string): Promise<Explain | null> {
  if ((await findLine(database, query, lineKey)) === null) return null;
  const { tenantId, period } = query;
  if (period.state === 'closed') return explainFrozen(database, query, lineKey);
  const frozen = await rowsBefore(database, query, lineKey);
  const rows = await database.query<HoldingColumns[]>(
    `select ${HOLDING_COLUMNS} from billing.holding h where h.tenant_id = $1 and h.line_key = $2
       and h.first_from < $3 and (h.last_to is null or h.last_to >= $4)
     order by h.customer_code, h.user_code, h.kind, h.code, h.instance`,
    // A row that ended in the closed period before, as is known by now, tells why less is carried.
    [tenantId, lineKey, new Date(period.endsAtMs), new Date(frozen?.startsAtMs ?? period.startsAtMs)],
  );
  const holdings = rows.map((row) => toHolding(row).holding);
  const names = await readNames(database, tenantId, [...holdings, ...(frozen?.rows ?? [])]);
  return explainLine(lineKey, holdings, period, period.timeZone, names, frozen?.rows);
}

/** A page of the summary by customer and sku. What is nothing before and after is left out. */
export async function findSummary(database: SqlRunner, query: LineQuery, page: PageRequest): Promise<Page<SummaryRow>> {
  const bindings = new Bindings();
  const conditions = lineConditions(query, bindings);
  const after = keyOfCursor(page.cursor, 2);
  if (after !== undefined) {
    const [customer, sku] = after.map((part) => bindings.add(part));
    // Said of both sides of the join: else it would read every customer before the page.
    conditions.push(`(l.customer_code, l.sku) > (${customer}, ${sku})`, `c.customer_code >= ${customer}`);
  }
  // The names at the close; of a period not closed, those of now.
  const frozen = bindings.add(query.period.state === 'closed' ? query.period.id : null);
  const groups = await database.query<{ customerCode: string; customerName: string; sku: string; lineKeys: string[] }[]>(
    `select l.customer_code as "customerCode", coalesce(f.customer_name, c.name, l.customer_code) as "customerName", l.sku,
       array_agg(l.line_key::text) as "lineKeys"
     from billing.line_target l join billing.customer c using (tenant_id, customer_code)
     left join billing.snapshot_customer f on f.tenant_id = l.tenant_id and f.period_id = ${frozen}::date and f.version = 1
       and f.customer_code = l.customer_code
     where ${conditions.join(' and ')} group by l.customer_code, f.customer_name, c.name, l.sku
     order by l.customer_code, l.sku limit ${page.limit + 1}`,
    bindings.values,
  );
  const summaryIn = await summariesIn(
    database,
    query,
    groups.flatMap(({ lineKeys }) => lineKeys),
  );
  const counted = pageOf(
    groups,
    page.limit,
    ({ customerCode, sku }) => [customerCode, sku],
    ({ lineKeys, ...group }) => ({ ...group, ...summaryIn(lineKeys) }),
  );
  return { ...counted, data: counted.data.filter((row) => row.lastCount !== '0' || row.thisCount !== '0') };
}

function lineConditions({ tenantId, reach, filters }: LineQuery, bindings: Bindings): string[] {
  return [
    `l.tenant_id = ${bindings.add(tenantId)}`,
    reachPredicate(reach, 'l', bindings),
    ...(filters.customer === undefined ? [] : [`l.customer_code = ${bindings.add(filters.customer)}`]),
    ...(filters.sku === undefined ? [] : [`l.sku = ${bindings.add(filters.sku)}`]),
  ];
}

async function countIn(database: SqlRunner, query: LineQuery, lines: readonly KnownLine[]): Promise<BillingLine[]> {
  const stepsOf = await stepsIn(
    database,
    query,
    lines.map(({ lineKey }) => lineKey),
  );
  return lines.map((line) => {
    const steps = stepsOf(line.lineKey);
    return { ...line, periodId: query.period.id, quantity: steps.at(-1)!.quantity, steps };
  });
}

async function stepsIn(database: SqlRunner, query: LineQuery, lineKeys: readonly string[]): Promise<(lineKey: string) => Step[]> {
  const { tenantId, period } = query;
  if (period.state === 'closed') {
    const frozen = await readSnapshotLines(database, tenantId, period.id, lineKeys);
    return (lineKey) => (frozen.get(lineKey)?.counts ?? nothingIn(period)).steps;
  }
  const rows = await rowsIn(database, query, lineKeys);
  return (lineKey) => lineSchedule(rows.get(lineKey) ?? [], [period], period.timeZone)[0]!.steps;
}

async function summariesIn(
  database: SqlRunner,
  query: LineQuery,
  lineKeys: readonly string[],
): Promise<(lineKeys: readonly string[]) => Summary> {
  const { tenantId, period } = query;
  if (period.state === 'closed') {
    const frozen = await readSnapshotLines(database, tenantId, period.id, lineKeys);
    return (keys) => frozenSummary(keys.flatMap((key) => frozen.get(key) ?? []));
  }
  const rows = await rowsIn(database, query, lineKeys);
  return (keys) =>
    summaryOf(
      keys.flatMap((key) => rows.get(key) ?? []),
      period,
      period.timeZone,
    );
}

function rowsIn(
  database: SqlRunner,
  { tenantId, period }: LineQuery,
  lineKeys: readonly string[],
): Promise<Map<string, Holding[]>> {
  const since = new Date(period.startsAtMs);
  return readRowsOfLines(
    database,
    lineKeys.map((lineKey) => ({ tenantId, lineKey, since })),
  );
}
