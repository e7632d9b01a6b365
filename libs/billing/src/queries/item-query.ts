import { addDays, type Item, type PlainDate, type Reach } from '@trueup/contracts';
import { type Holding, itemsOf, zoneCalendar } from '@trueup/domain';
import { HOLDING_COLUMNS, type HoldingColumns, toHolding } from '../projection/holding-rows.js';
import type { SqlRunner } from '../sql-runner.js';
import { readNames } from './name-book.js';
import { keyOfCursor, type Page, type PageRequest, pageOf } from './page.js';
import type { FoundPeriod } from './period-reference.js';
import { Bindings, reachPredicate } from './reach-predicate.js';

/** Narrows a list of items; all that are given must hold. `from` and `to` are local days in which an interval began or ended. */
export interface ItemFilters {
  customer?: string;
  service?: string;
  sku?: string;
  user?: string;
  billable?: boolean;
  action?: Item['action'];
  /** Id or name of who began or ended an interval. */
  actor?: string;
  from?: PlainDate;
  to?: PlainDate;
}

export interface ItemQuery {
  tenantId: string;
  reach: Reach;
  period: FoundPeriod;
  filters: ItemFilters;
}

interface Found {
  key: string[];
  item: Item;
}

export const KEY_PARTS = ['customer_code', 'user_code', 'kind', 'code', 'instance', 'row_key'];
const KEY_COLUMNS = KEY_PARTS.map((part) => `h.${part}`).join(', ');
const FEWEST_READ = 100;

/** A page of a period's items by customer, user, kind, service, instance: the cost does not grow with the page's number. */
export async function findItems(database: SqlRunner, query: ItemQuery, page: PageRequest): Promise<Page<Item>> {
  let after = keyOfCursor(page.cursor, KEY_PARTS.length);
  const found: Found[] = [];
  const size = Math.max(page.limit + 1, FEWEST_READ);
  for (let isMore = true; isMore && found.length <= page.limit;) {
    const holdings = await readChunk(database, query, after, size);
    found.push(...(await toItems(database, query, holdings)));
    isMore = holdings.length === size;
    after = isMore ? keyOf(holdings.at(-1)!) : after;
  }
  return pageOf(
    found,
    page.limit,
    ({ key }) => key,
    ({ item }) => item,
  );
}

async function readChunk(database: SqlRunner, query: ItemQuery, after: string[] | undefined, size: number): Promise<Holding[]> {
  const bindings = new Bindings();
  const conditions = [
    `h.tenant_id = ${bindings.add(query.tenantId)}`,
    reachPredicate(query.reach, 'h', bindings),
    ...periodConditions(query.period, bindings),
    ...filterConditions(query, bindings, 'h.content'),
    ...(after === undefined ? [] : [`(${KEY_COLUMNS}) > (${after.map((part) => bindings.add(part)).join(', ')})`]),
  ];
  const rows = await database.query<HoldingColumns[]>(
    `select ${HOLDING_COLUMNS} from billing.holding h where ${conditions.join(' and ')} order by ${KEY_COLUMNS} limit ${size}`,
    bindings.values,
  );
  return rows.map((row) => toHolding(row).holding);
}

function periodConditions({ startsAtMs, endsAtMs }: FoundPeriod, bindings: Bindings): string[] {
  const [start, end] = [bindings.add(new Date(startsAtMs)), bindings.add(new Date(endsAtMs))];
  return [`h.first_from < ${end}`, `(h.last_to is null or h.last_to >= ${start})`];
}

/** The row goes by `h`; `document` is the SQL expression of the document that holds its intervals. */
export function filterConditions({ filters, period }: ItemQuery, bindings: Bindings, document: string): string[] {
  const equal = (column: string, value: unknown): string[] =>
    value === undefined ? [] : [`h.${column} = ${bindings.add(value)}`];
  return [
    ...equal('customer_code', filters.customer),
    ...equal('code', filters.service),
    ...equal('sku', filters.sku),
    ...equal('user_code', filters.user),
    ...equal('is_billable', filters.billable),
    ...actorCondition(filters.actor, bindings, document),
    ...dayCondition(filters, period.timeZone, bindings, document),
  ];
}

// Rows hold their intervals packed (packed-intervals.ts); frozen items and rows of before hold them as they are. `strict`, because an
// interval that is an array would be taken apart otherwise.
const BY_ACTOR = '@.fromActor.id == $who || @.fromActor.name == $who || @.toActor.id == $who || @.toActor.name == $who';
const BY_DAY = '(@.from >= $from && @.from < $to) || (@.to >= $from && @.to < $to)';
const BY_DAY_PACKED = '(@[0] >= $from && @[0] < $to) || (@[6] >= $from && @[6] < $to)';

// Whoever is named in a packed row may only have changed a quantity: `isByActor` looks again.
function actorCondition(actor: string | undefined, bindings: Bindings, document: string): string[] {
  if (actor === undefined) return [];
  const who = `${bindings.add(JSON.stringify({ who: actor }))}::jsonb`;
  return [
    `(jsonb_path_exists(${document}::jsonb, '$.intervals[*] ? (${BY_ACTOR})', ${who})
      or jsonb_path_exists(${document}::jsonb, '$.intervals.actors[*] ? (@.id == $who || @.name == $who)', ${who}))`,
  ];
}

function dayCondition({ from, to }: ItemFilters, timeZone: string, bindings: Bindings, document: string): string[] {
  if (from === undefined && to === undefined) return [];
  const zone = zoneCalendar(timeZone);
  const begin = from === undefined ? '' : new Date(zone.startOfDayMs(from)).toISOString();
  const end = to === undefined ? '~' : new Date(zone.startOfDayMs(addDays(to, 1))).toISOString();
  const days = `${bindings.add(JSON.stringify({ from: begin, to: end }))}::jsonb`;
  return [
    `(jsonb_path_exists(${document}::jsonb, '$.intervals[*] ? (${BY_DAY})', ${days})
      or jsonb_path_exists(${document}::jsonb, 'strict $.intervals.packed[*] ? (${BY_DAY_PACKED})', ${days}, true))`,
  ];
}

function isByActor({ intervals }: Holding, actor: string | undefined): boolean {
  const acting = intervals.flatMap(({ fromActor, toActor }) => [fromActor, toActor]);
  return actor === undefined || acting.some((one) => one?.id === actor || one?.name === actor);
}

async function toItems(
  database: SqlRunner,
  { tenantId, period, filters }: ItemQuery,
  holdings: readonly Holding[],
): Promise<Found[]> {
  const names = await readNames(database, tenantId, holdings);
  return holdings
    .filter((holding) => isByActor(holding, filters.actor))
    .flatMap((holding) => itemsOf([holding], period, period.timeZone, names).map((item) => ({ key: keyOf(holding), item })))
    .filter(({ item }) => filters.action === undefined || item.action === filters.action);
}

function keyOf({ identity, rowKey }: Holding): string[] {
  const { customerCode, userCode, kind, code, instance } = identity;
  return [customerCode, userCode, kind, code, instance, rowKey];
}
