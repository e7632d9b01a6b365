import type { Item } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';
import { filterConditions, type ItemQuery, KEY_PARTS } from './item-query.js';
import { keyOfCursor, type Page, type PageRequest, pageOf } from './page.js';
import { Bindings, reachPredicate } from './reach-predicate.js';

const KEY_COLUMNS = KEY_PARTS.map((part) => `h.${part}`).join(', ');

/** A page of a closed period's items in the order of `findItems`, exactly as they were frozen. */
export async function findFrozenItems(database: SqlRunner, query: ItemQuery, page: PageRequest): Promise<Page<Item>> {
  const after = keyOfCursor(page.cursor, KEY_PARTS.length);
  const bindings = new Bindings();
  const { action } = query.filters;
  const conditions = [
    `h.tenant_id = ${bindings.add(query.tenantId)}`,
    `h.period_id = ${bindings.add(query.period.id)}::date`,
    'h.version = 1',
    reachPredicate(query.reach, 'h', bindings),
    ...filterConditions(query, bindings, 'h.item'),
    ...(action === undefined ? [] : [`h.item->>'action' = ${bindings.add(action)}`]),
    ...(after === undefined ? [] : [`(${KEY_COLUMNS}) > (${after.map((part) => bindings.add(part)).join(', ')})`]),
  ];
  const rows = await database.query<{ key: string[]; item: Item }[]>(
    `select array[${KEY_PARTS.map((part) => `h.${part}::text`).join(', ')}] as key, h.item from billing.snapshot_item h
     where ${conditions.join(' and ')} order by ${KEY_COLUMNS} limit ${page.limit + 1}`,
    bindings.values,
  );
  return pageOf(
    rows,
    page.limit,
    ({ key }) => key,
    ({ item }) => item,
  );
}
