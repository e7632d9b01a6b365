import { addDays, type PlainDate, type Reach } from '@trueup/contracts';
import { zoneCalendar } from '@trueup/domain';
import { localDateOf, readTenantSettings, type TenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';
import type { AssignmentSlot } from '../projection/slot.js';
import type { HeldAssignment } from './held-assignment.js';
import { heldOn, type HeldRow, type Moment } from './held-on.js';
import { keyOfCursor, type Page, type PageRequest, pageOf } from './page.js';
import { Bindings, reachPredicate } from './reach-predicate.js';

/** A question about the past. Local days of the tenant, each as it ended; default both: today. */
export interface AssignmentQuestion {
  /** Held at the end of this day. */
  asOf?: PlainDate;
  /** By the events recorded until the end of this day. */
  knownOn?: PlainDate;
  customer?: string;
}

const KEY_PARTS = 6;
const SLOT_PARTS = 5;
const SLOT_COLUMNS = 'e.customer_code, e.user_code, e.kind, e.code, e.instance';
const FEWEST_READ = 100;

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
  const found: HeldRow[] = [];
  const size = Math.max(page.limit + 1, FEWEST_READ);
  const narrowed = { ...scope, ...question, recordedBefore: moment.recordedBefore };
  // Of the assignment at which the last page ended more rows may follow.
  let slots = await slotsFrom(database, narrowed, { from: after?.slice(0, SLOT_PARTS), isIncluded: true, limit: size });
  while (slots.length > 0) {
    const held = await heldOn(database, settings, slots, moment);
    found.push(...held.filter(({ key }) => after === undefined || isBehind(key, after)));
    const isEnough = found.length > page.limit || slots.length < size;
    const { customerCode, userCode, kind, code, instance } = slots.at(-1)!;
    const from = [customerCode, userCode, kind, code, instance];
    slots = isEnough ? [] : await slotsFrom(database, narrowed, { from, isIncluded: false, limit: size });
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

/** Which assignments, by the events recorded before an instant. */
export interface SlotScope {
  tenantId: string;
  reach: Reach;
  customer?: string;
  recordedBefore: Date;
}

/** Assignments that have events, in the order of their keys, read from the index of events: at most `limit` from a key on. */
export async function slotsFrom(
  database: SqlRunner,
  { tenantId, reach, customer, recordedBefore }: SlotScope,
  { from, isIncluded, limit }: { from?: readonly string[]; isIncluded: boolean; limit: number | null },
): Promise<AssignmentSlot[]> {
  const bindings = new Bindings();
  const conditions = [
    `e.tenant_id = ${bindings.add(tenantId)} and e.kind <> '' and e.recorded_at < ${bindings.add(recordedBefore)}`,
    reachPredicate(reach, 'e', bindings),
    ...(customer === undefined ? [] : [`e.customer_code = ${bindings.add(customer)}`]),
    ...(from === undefined
      ? []
      : [`(${SLOT_COLUMNS}) ${isIncluded ? '>=' : '>'} (${from.map((part) => bindings.add(part)).join(', ')})`]),
  ];
  return database.query(
    `select distinct e.tenant_id as "tenantId", e.customer_code as "customerCode", e.user_code as "userCode", e.kind, e.code, e.instance
     from billing.event e where ${conditions.join(' and ')}
     order by 1, 2, 3, 4, 5, 6 limit ${bindings.add(limit)}`,
    bindings.values,
  );
}

/** Whether a key comes after another in the order of the database. */
export function isBehind(key: readonly string[], after: readonly string[]): boolean {
  const index = key.findIndex((part, place) => part !== after[place]);
  return index >= 0 && Buffer.compare(Buffer.from(key[index]!), Buffer.from(after[index]!)) > 0;
}
