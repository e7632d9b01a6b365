import {
  readDifferences,
  readEventBalances,
  readRowBalances,
  sentLinesByCustomer,
  sentLinesOf,
  type SqlRunner,
} from '@trueup/billing';
import {
  decidedLinesByCustomer,
  decidedLinesOf,
  linesByState,
  readLinePartBalances,
  readScheduleBalances,
} from '@trueup/control';
import { type EventAccount, eventAccountOf } from './event-account.js';
import { type LineAccount, lineAccountOf, suspectCustomers } from './line-account.js';
import { type QuantityAccount, quantityAccountOf } from './quantity-account.js';
import { timeScaleAt } from './time-scale.js';

/** The accounting identity of one tenant. */
export interface TenantAccount {
  tenantId: string;
  events: EventAccount;
  lines: LineAccount;
  quantities: QuantityAccount;
}

/**
 * Reads both ends of every equation, of one tenant or of all. Needs a transaction that sees one instant: what is written together is
 * then read together, so that only what travels between two transactions can be in flight.
 */
export async function readAccounts(tx: SqlRunner, now: Date, tenantId?: string): Promise<TenantAccount[]> {
  const scale = timeScaleAt(now);
  const balances = await readEventBalances(tx, { tenantId, byDayBefore: scale.byDayBefore });
  const open = await readDifferences(tx, tenantId);
  const sent = await sentLinesByCustomer(tx, tenantId);
  const states = await linesByState(tx, tenantId);
  const suspects = suspectCustomers(sent, await decidedLinesByCustomer(tx, tenantId));
  const rows = await readRowBalances(tx, now, tenantId);
  const parts = await readLinePartBalances(tx, tenantId);
  const schedules = await readScheduleBalances(tx, tenantId);
  const of = <T extends { tenantId: string }>(list: readonly T[]): Map<string, T[]> => Map.groupBy(list, (one) => one.tenantId);
  const grouped = {
    ...{ balances: of(balances), open: of(open), sent: of(sent), states: of(states), suspects: of(suspects) },
    ...{ rows: of(rows), parts: of(parts), schedules: of(schedules) },
  };
  const tenants = tenantId === undefined ? new Set(Object.values(grouped).flatMap((group) => [...group.keys()])) : [tenantId];
  const accounts: TenantAccount[] = [];
  for (const id of tenants) {
    const customers = grouped.suspects.get(id) ?? [];
    const codes = customers.map(({ customerCode }) => customerCode);
    const lines = {
      sent: customers.length === 0 ? [] : await sentLinesOf(tx, customers),
      decided: customers.length === 0 ? [] : await decidedLinesOf(tx, id, codes),
    };
    const ofTenant = {
      rows: grouped.rows.get(id)?.[0],
      parts: grouped.parts.get(id)?.[0],
      schedules: grouped.schedules.get(id)?.[0],
    };
    accounts.push({
      tenantId: id,
      events: eventAccountOf(grouped.balances.get(id) ?? [], grouped.open.get(id) ?? [], scale),
      lines: lineAccountOf(grouped.sent.get(id) ?? [], grouped.states.get(id) ?? [], lines, now),
      quantities: quantityAccountOf(ofTenant, now),
    });
  }
  return accounts;
}
