import { addDays, type Actor, type ItemKind, type PlainDate, type Quantity, type Reach } from '@trueup/contracts';
import { zoneCalendar } from '@trueup/domain';
import { localDateOf, readTenantSettings, type TenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';
import { heldOn, type Moment } from './held-on.js';
import { keyOfCursor, type Page, type PageRequest, pageOf } from './page.js';
import { Bindings, reachPredicate } from './reach-predicate.js';

/** What a customer or user held: who began it when, by which event. `quantity` in units. */
export interface HeldAssignment {
  customerCode: string;
  customerName: string;
  userCode?: string;
  userName?: string;
  kind: ItemKind;
  serviceCode: string;
  serviceName: string;
  planCode?: string;
  planName?: string;
  instance: string;
  sku?: string;
  quantity: Quantity;
  since: string;
  eventId: string;
  actor: Actor;
}

/** A question about the past. Local days of the tenant, each as it ended; default both: today. */
export interface AssignmentQuestion {
  /** Held at the end of this day. */
  asOf?: PlainDate;
  /** By the events recorded until the end of this day. */
  knownOn?: PlainDate;
  customer?: string;
}

const KEY_PARTS = 6;
const CUSTOMERS_PER_READ = 20;

/**
 * What was held on a day, as known on a day, told from the event store by customer, user, kind, service, instance. The sku is that of the
 * catalogue of now on that day. Null for an unknown tenant.
 */
export async function findAssignments(
  database: SqlRunner,
  scope: { tenantId: string; reach: Reach },
  question: AssignmentQuestion,
  page: PageRequest,
  now: Date,
): Promise<Page<HeldAssignment> | null> {
  const settings = (await readTenantSettings(database, [scope.tenantId])).get(scope.tenantId);
  if (settings === undefined) return null;
  const after = keyOfCursor(page.cursor, KEY_PARTS);
  const moment = momentOf(settings, question, now);
  const found: { key: string[]; row: HeldAssignment }[] = [];
  let customers = await customersFrom(database, scope, question, after?.[0] ?? '', true);
  while (customers.length > 0) {
    const held = await heldOn(database, settings, customers, moment);
    found.push(...held.filter(({ key }) => after === undefined || isBehind(key, after)));
    const isFull = found.length > page.limit || customers.length < CUSTOMERS_PER_READ;
    customers = isFull ? [] : await customersFrom(database, scope, question, customers.at(-1)!, false);
  }
  return pageOf(
    found,
    page.limit,
    ({ key }) => key,
    ({ row }) => row,
  );
}

/** The instants that a question is about. */
export function momentOf(settings: TenantSettings, { asOf, knownOn }: AssignmentQuestion, now: Date): Moment {
  const zone = zoneCalendar(settings.current.timeZone);
  const today = localDateOf(settings, now);
  const endOf = (day: PlainDate): Date => new Date(zone.startOfDayMs(addDays(day, 1)));
  return { day: asOf ?? today, at: endOf(asOf ?? today).toISOString(), recordedBefore: endOf(knownOn ?? today) };
}

async function customersFrom(
  database: SqlRunner,
  { tenantId, reach }: { tenantId: string; reach: Reach },
  { customer }: AssignmentQuestion,
  from: string,
  isIncluded: boolean,
): Promise<string[]> {
  const bindings = new Bindings();
  const conditions = [
    `c.tenant_id = ${bindings.add(tenantId)}`,
    `c.customer_code ${isIncluded ? '>=' : '>'} ${bindings.add(from)}`,
    reachPredicate(reach, 'c', bindings),
    ...(customer === undefined ? [] : [`c.customer_code = ${bindings.add(customer)}`]),
  ];
  const rows = await database.query<{ code: string }[]>(
    `select c.customer_code as code from billing.customer c where ${conditions.join(' and ')}
     order by c.customer_code limit ${CUSTOMERS_PER_READ}`,
    bindings.values,
  );
  return rows.map(({ code }) => code);
}

/** Whether a key comes after another in the order of the database. */
export function isBehind(key: readonly string[], after: readonly string[]): boolean {
  const index = key.findIndex((part, place) => part !== after[place]);
  return index >= 0 && Buffer.compare(Buffer.from(key[index]!), Buffer.from(after[index]!)) > 0;
}
