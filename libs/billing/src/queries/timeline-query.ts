import { addDays, actorOf, type PlainDate, type Reach } from '@trueup/contracts';
import { nameAt, nameNow, toUtcMillis, zoneCalendar } from '@trueup/domain';
import { type Slot, userIdOf } from '../projection/slot.js';
import { readUsers } from '../projection/stored-states.js';
import { readTenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';
import { findCustomerState } from './customer-query.js';
import { keyOfCursor, type Page, type PageRequest, pageOf } from './page.js';
import { Bindings } from './reach-predicate.js';
import { effectsOf } from './timeline-effects.js';
import type { FiledEvent, TimelineEntry, TimelineFilters } from './timeline-entry.js';

/** A page of a customer's events, oldest first in the order that decides; null when there is no such customer within reach. */
export async function findTimeline(
  database: SqlRunner,
  { tenantId, reach, customerCode }: { tenantId: string; reach: Reach; customerCode: string },
  filters: TimelineFilters,
  page: PageRequest,
): Promise<Page<TimelineEntry> | null> {
  const customer = await findCustomerState(database, tenantId, reach, customerCode);
  const zone = (await readTenantSettings(database, [tenantId])).get(tenantId)?.current.timeZone;
  if (customer === null || zone === undefined) return null;
  const filed = await readEvents(database, { tenantId, customerCode }, filters, { ...page, zone });
  const shown = filed.slice(0, page.limit);
  const effects = await effectsOf(database, shown);
  const users = await readUsers(
    database,
    shown.filter(({ userCode }) => userCode !== ''),
  );
  const names = { customer: customer.state?.names ?? [], user: (slot: Slot) => users.get(userIdOf(slot))?.names ?? [] };
  const entries = new Map(shown.map((one) => [one, { ...toEntry(one, names), effects: effects(one) }]));
  return pageOf(
    filed,
    page.limit,
    ({ orderKey }) => [orderKey],
    (one) => entries.get(one)!,
  );
}

function readEvents(
  database: SqlRunner,
  { tenantId, customerCode }: Pick<Slot, 'tenantId' | 'customerCode'>,
  { from, to, user, service }: TimelineFilters,
  { cursor, limit, zone }: PageRequest & { zone: string },
): Promise<FiledEvent[]> {
  const bindings = new Bindings();
  const startOf = (day: PlainDate): string => new Date(zoneCalendar(zone).startOfDayMs(day)).toISOString().slice(0, -1);
  const after = keyOfCursor(cursor, 1)?.[0];
  // The order key begins with the time in UTC.
  const conditions = [
    `e.tenant_id = ${bindings.add(tenantId)} and e.customer_code = ${bindings.add(customerCode)}`,
    ...(from === undefined ? [] : [`e.order_key >= ${bindings.add(startOf(from))}`]),
    ...(to === undefined ? [] : [`e.order_key < ${bindings.add(startOf(addDays(to, 1)))}`]),
    ...(user === undefined ? [] : [`e.user_code = ${bindings.add(user)}`]),
    ...(service === undefined ? [] : [`e.code = ${bindings.add(service)} and e.kind <> ''`]),
    ...(after === undefined ? [] : [`e.order_key > ${bindings.add(after)}`]),
  ];
  return database.query(
    `select e.tenant_id as "tenantId", e.customer_code as "customerCode", e.user_code as "userCode", e.kind, e.code, e.instance,
       e.order_key as "orderKey", e.recorded_at as "recordedAt", e.content as event
     from billing.event e where ${conditions.join(' and ')} order by e.order_key limit ${limit + 1}`,
    bindings.values,
  );
}

type History = Parameters<typeof nameAt>[0];

function toEntry(filed: FiledEvent, names: { customer: History; user(slot: Slot): History }): Omit<TimelineEntry, 'effects'> {
  const { event, customerCode, kind, code, instance, recordedAt } = filed;
  const at = toUtcMillis(event.time);
  return {
    ...{ eventId: event.id, source: event.source, type: event.type },
    ...{ occurredAt: event.time, recordedAt: recordedAt.toISOString() },
    customerName: nameNow(names.customer)?.name ?? customerCode,
    customerNameThen: nameAt(names.customer, at)?.name ?? customerCode,
    ...userIn(filed, names.user(filed), at),
    ...(kind !== '' && { kind, serviceCode: code, instance }),
    actor: actorOf(event),
    ...(event.ticket !== undefined && { ticket: event.ticket }),
    data: event.data,
  };
}

function userIn({ userCode }: Slot, history: History, at: string) {
  if (userCode === '') return {};
  const [now, then] = [nameNow(history)?.name, nameAt(history, at)?.name];
  return { userCode, ...(now !== undefined && { userName: now }), ...(then !== undefined && { userNameThen: then }) };
}
