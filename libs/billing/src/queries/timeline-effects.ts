import { type Holding, isSameAssignment, movementsOf, reachOfEvent, sumQuantities, toUtcMillis } from '@trueup/domain';
import { HOLDING_COLUMNS, type HoldingColumns, readHoldings, toHolding } from '../projection/holding-rows.js';
import { type AssignmentSlot, slotIdOf } from '../projection/slot.js';
import type { SqlRunner } from '../sql-runner.js';
import type { FiledEvent, LineEffect } from './timeline-entry.js';

/** What each of some events of one customer did to its lines, as is known now; nothing for one that had no effect. */
export async function effectsOf(database: SqlRunner, filed: readonly FiledEvent[]): Promise<(event: FiledEvent) => LineEffect[]> {
  const own = await readHoldings(database, [...new Map(filed.filter(isAssignment).map((one) => [slotIdOf(one), one])).values()]);
  const holdings = own.map(({ holding }) => holding);
  const ended = new Map<FiledEvent, Holding[]>();
  for (const one of filed) if (isEnding(one)) ended.set(one, await readEnded(database, one));
  return (one) => effectsIn(one, ended.get(one) ?? ownOf(one, holdings));
}

const isEnding = ({ event }: FiledEvent): boolean => ['user', 'customer'].includes(reachOfEvent(event));
const isAssignment = (one: FiledEvent): one is FiledEvent & AssignmentSlot => one.kind !== '';

/** The rows that the end of a user or customer may have ended. */
async function readEnded(database: SqlRunner, one: FiledEvent): Promise<Holding[]> {
  const isWholeCustomer = reachOfEvent(one.event) === 'customer';
  const rows = await database.query<HoldingColumns[]>(
    `select ${HOLDING_COLUMNS} from billing.holding h where h.tenant_id = $1 and h.customer_code = $2 and ($3 or h.user_code = $4)
       and h.line_key is not null and h.first_from < $5 and (h.last_to is null or h.last_to >= $5)`,
    [one.tenantId, one.customerCode, isWholeCustomer, one.userCode, toUtcMillis(one.event.time)],
  );
  return rows.map((row) => toHolding(row).holding);
}

function effectsIn({ event }: FiledEvent, holdings: readonly Holding[]): LineEffect[] {
  const at = toUtcMillis(event.time);
  const counted = holdings.filter(({ billable, lineKey }) => billable && lineKey !== null);
  const moves = counted.flatMap((holding) =>
    movementsOf(holding)
      .filter((movement) => movement.eventId === event.id && movement.at === at)
      .map(({ code, delta }) => ({ lineKey: holding.lineKey!, sku: holding.sku, code, delta })),
  );
  const byLine = Map.groupBy(moves, ({ lineKey, code }) => `${lineKey} ${code}`);
  return [...byLine.values()].map((group) => {
    const { lineKey, sku, code } = group[0]!;
    return { lineKey, sku, code, units: sumQuantities(group.map(({ delta }) => delta)) };
  });
}

function ownOf(one: FiledEvent, holdings: readonly Holding[]): Holding[] {
  return isAssignment(one) ? holdings.filter(({ identity }) => isSameAssignment(identity, one)) : [];
}
