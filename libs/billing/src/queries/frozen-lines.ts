import { addDays, type Explain, type Item, type PlainDate, type Quantity } from '@trueup/contracts';
import {
  explainLine,
  type Holding,
  type NameBook,
  subtractQuantities,
  type Summary,
  sumQuantities,
  zoneCalendar,
} from '@trueup/domain';
import type { LineCounts } from '../projection/closed-line.js';
import type { SqlRunner } from '../sql-runner.js';
import type { LineQuery } from './line-question.js';

/** Why a line had its quantity in a closed period, told by the rows and names that were frozen. */
export async function explainFrozen(database: SqlRunner, query: LineQuery, lineKey: string): Promise<Explain> {
  const { tenantId, period } = query;
  const rows = await readFrozenRows(database, tenantId, period.id, lineKey);
  const names = namesIn(rows.map(({ item }) => item));
  const holdings = rows.map(({ holding }) => holding);
  return explainLine(lineKey, holdings, period, period.timeZone, names, (await rowsBefore(database, query, lineKey))?.rows);
}

/** A line as a closed period left it. `startsAtMs`: about when that period began. */
export interface FrozenRows {
  rows: Holding[];
  startsAtMs: number;
}

/** The rows of a line as the period before was closed with them; undefined when that is not closed. */
export async function rowsBefore(
  database: SqlRunner,
  { tenantId, period }: LineQuery,
  lineKey: string,
): Promise<FrozenRows | undefined> {
  const before = addDays(period.start, -1);
  const [closed] = await database.query<{ start: PlainDate }[]>(
    'select start_date as start from billing.period where tenant_id = $1 and id = $2::date and closed_at is not null',
    [tenantId, before],
  );
  if (closed === undefined) return undefined;
  const rows = await readFrozenRows(database, tenantId, before, lineKey);
  return { rows: rows.map(({ holding }) => holding), startsAtMs: zoneCalendar(period.timeZone).startOfDayMs(closed.start) };
}

/** The rows of a line as its period was closed with them. */
export function readFrozenRows(
  database: SqlRunner,
  tenantId: string,
  periodId: PlainDate,
  lineKey: string,
): Promise<{ item: Item; holding: Holding }[]> {
  return database.query(
    `select item, holding from billing.snapshot_item
     where tenant_id = $1 and line_key = $2 and period_id = $3::date and version = 1
     order by customer_code, user_code, kind, code, instance`,
    [tenantId, lineKey, periodId],
  );
}

/** Sums what frozen lines held before their period and at its end. */
export function frozenSummary(lines: readonly { opening: Quantity; counts: LineCounts }[]): Summary {
  const lastCount = sumQuantities(lines.map(({ opening }) => opening));
  const thisCount = sumQuantities(lines.map(({ counts }) => counts.steps.at(-1)!.quantity));
  return { lastCount, difference: subtractQuantities(thisCount, lastCount), thisCount };
}

function namesIn(items: readonly Item[]): NameBook {
  const users = new Map(items.flatMap(({ userCode, userName }) => (userCode && userName ? [[userCode, userName] as const] : [])));
  return {
    customer: () => items.slice(0, 1).map(({ customerName }) => ({ at: '', name: customerName })),
    user: (_customer, userCode) => {
      const name = users.get(userCode);
      return name === undefined ? undefined : [{ at: '', name }];
    },
  };
}
