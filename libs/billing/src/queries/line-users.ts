import { type Actor, type ItemKind, levelOn, type PlainDate, type Quantity } from '@trueup/contracts';
import { type Holding, nameAt, nameNow, sumQuantities } from '@trueup/domain';
import { HOLDING_COLUMNS, type HoldingColumns, toHolding } from '../projection/holding-rows.js';
import { localDateOf, readTenantSettings, type TenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';
import { isBehind, momentOf, slotsFrom } from './assignment-query.js';
import { readFrozenRows } from './frozen-lines.js';
import { heldOn, type Moment } from './held-on.js';
import { type BillingLine, findLine } from './line-query.js';
import type { LineQuery } from './line-question.js';
import { readNames } from './name-book.js';
import { keyOfCursor, type Page, type PageRequest, pageOf } from './page.js';

/** One holding that counts in a line on a day: whose it is, since when, by which event and by whom. */
export interface LineUser {
  userCode?: string;
  userName?: string;
  userNameThen?: string;
  kind: ItemKind;
  serviceCode: string;
  serviceName: string;
  planCode?: string;
  instance: string;
  quantity: Quantity;
  since: string;
  eventId: string;
  actor: Actor;
}

/** Who made up a line's quantity on a day; the quantities of all pages sum to `quantity`. */
export interface LineUsers extends Page<LineUser> {
  lineKey: string;
  on: PlainDate;
  quantity: Quantity;
}

/** Which line on which local day, by the events recorded until the end of `knownOn`; without it, by what counts for that day's period. */
export interface LineDay {
  lineKey: string;
  /** Default: today. */
  on?: PlainDate;
  knownOn?: PlainDate;
}

const KEY_PARTS = 6;

/**
 * Who made up a line's quantity at the end of a day. Without `knownOn` these are the rows that the line's step in force on that day was
 * counted from: of a closed period the frozen ones. Null when there is no such line within reach.
 */
export async function findLineUsers(
  database: SqlRunner,
  query: LineQuery,
  { lineKey, knownOn, ...day }: LineDay,
  page: PageRequest,
  now: Date,
): Promise<LineUsers | null> {
  const line = await findLine(database, query, lineKey);
  const settings = (await readTenantSettings(database, [query.tenantId])).get(query.tenantId);
  if (line === null || settings === undefined) return null;
  const on = day.on ?? localDateOf(settings, now);
  const moment = momentOf(settings, { asOf: on, ...(knownOn !== undefined && { knownOn }) }, now);
  const rows =
    knownOn === undefined
      ? await countedRows(database, query, lineKey, moment)
      : await knownRows(database, settings, line, moment);
  const after = keyOfCursor(page.cursor, KEY_PARTS);
  const rest = after === undefined ? rows : rows.filter(({ key }) => isBehind(key, after));
  const { data, nextCursor } = pageOf(
    rest,
    page.limit,
    ({ key }) => key,
    ({ user }) => user,
  );
  const quantity = knownOn === undefined ? levelOn(line.steps, on) : sumQuantities(rows.map(({ user }) => user.quantity));
  return { lineKey, on, quantity, data, nextCursor };
}

interface CountedRow {
  key: string[];
  user: LineUser;
}

/** By the rows that the line is counted from. */
async function countedRows(database: SqlRunner, query: LineQuery, lineKey: string, { at }: Moment): Promise<CountedRow[]> {
  const { tenantId, period } = query;
  const isClosed = period.state === 'closed';
  const holdings = isClosed
    ? (await readFrozenRows(database, tenantId, period.id, lineKey)).map(({ holding }) => holding)
    : await readRows(database, tenantId, lineKey, at);
  const names = await readNames(database, tenantId, holdings);
  return holdings.flatMap((holding) => {
    const user = countedAt(holding, at);
    if (user === null) return [];
    const { customerCode, userCode } = holding.identity;
    const history = names.user(customerCode, userCode) ?? [];
    return [
      { key: keyOf(holding), user: { ...namedUser(userCode, nameNow(history)?.name, nameAt(history, at)?.name), ...user } },
    ];
  });
}

/** By the events that were known on a day. */
async function knownRows(
  database: SqlRunner,
  settings: TenantSettings,
  { customerCode, lineKey }: BillingLine,
  moment: Moment,
): Promise<CountedRow[]> {
  const scope = {
    tenantId: settings.tenantId,
    reach: 'tenant' as const,
    customer: customerCode,
    recordedBefore: moment.recordedBefore,
  };
  const slots = await slotsFrom(database, scope, { isIncluded: true, limit: null });
  const held = await heldOn(database, settings, slots, moment);
  const counted = held.filter(({ holding }) => holding.lineKey === lineKey);
  const names = await readNames(
    database,
    settings.tenantId,
    counted.map(({ holding }) => holding),
  );
  return counted.flatMap(({ key, holding, row }) => {
    const user = countedAt(holding, moment.at);
    const { userCode } = holding.identity;
    const name = nameNow(names.user(customerCode, userCode) ?? [])?.name;
    return user === null ? [] : [{ key, user: { ...namedUser(userCode, name, row.userName), ...user } }];
  });
}

async function readRows(database: SqlRunner, tenantId: string, lineKey: string, at: string): Promise<Holding[]> {
  const rows = await database.query<HoldingColumns[]>(
    `select ${HOLDING_COLUMNS} from billing.holding h where h.tenant_id = $1 and h.line_key = $2 and h.is_billable
       and h.first_from < $3 and (h.last_to is null or h.last_to >= $3)
     order by h.customer_code, h.user_code, h.kind, h.code, h.instance, h.row_key`,
    [tenantId, lineKey, at],
  );
  return rows.map((row) => toHolding(row).holding);
}

/** What a row counts just before an instant; null when it counts nothing then. */
function countedAt({ identity, billable, intervals }: Holding, at: string): LineUser | null {
  const held = intervals.find(({ from, to }) => from < at && (to === undefined || to >= at));
  const quantity = held?.steps.findLast((step) => step.at < at)?.quantity ?? '0';
  if (!billable || held === undefined || quantity === '0') return null;
  const { serviceName, planCode } = held;
  return {
    ...{ kind: identity.kind, serviceCode: identity.code, serviceName },
    ...(planCode !== '' && { planCode }),
    ...{ instance: identity.instance, quantity },
    ...{ since: held.from, eventId: held.fromEventId, actor: held.fromActor },
  };
}

function namedUser(userCode: string, now: string | undefined, then: string | undefined) {
  if (userCode === '') return {};
  return { userCode, ...(now !== undefined && { userName: now }), ...(then !== undefined && { userNameThen: then }) };
}

function keyOf({ identity, rowKey }: Holding): string[] {
  const { customerCode, userCode, kind, code, instance } = identity;
  return [customerCode, userCode, kind, code, instance, rowKey];
}
