import type { Explain, Item, Quantity } from '@trueup/contracts';
import { explainLine, type Holding, type NameBook, subtractQuantities, type Summary, sumQuantities } from '@trueup/domain';
import type { LineCounts } from '../projection/closed-line.js';
import type { SqlRunner } from '../sql-runner.js';
import type { LineQuery } from './line-query.js';

/** Why a line had its quantity in a closed period, told by the rows and names that were frozen. */
export async function explainFrozen(database: SqlRunner, { tenantId, period }: LineQuery, lineKey: string): Promise<Explain> {
  const rows = await database.query<{ item: Item; holding: Holding }[]>(
    `select item, holding from billing.snapshot_item
     where tenant_id = $1 and line_key = $2 and period_id = $3::date and version = 1
     order by customer_code, user_code, kind, code, instance`,
    [tenantId, lineKey, period.id],
  );
  const holdings = rows.map(({ holding }) => holding);
  return explainLine(lineKey, holdings, period, period.timeZone, namesIn(rows.map(({ item }) => item)));
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
