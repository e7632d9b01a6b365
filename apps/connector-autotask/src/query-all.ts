import type { Psa } from '@trueup/connector-sdk';

/** A condition of Autotask's query language. */
export interface Condition {
  op: 'eq' | 'gt' | 'gte' | 'lte' | 'in' | 'exist';
  field: string;
  value?: unknown;
}

const PAGE = 500;
// Members of `in` lists count as OR conditions, of which a query may have 500.
const MOST_IN = 450;

/** Every record that meets the conditions, by id. Pages by "id greater than the last", which needs no cursor of the server. */
export async function queryAll<R extends { id: number }>(
  psa: Psa,
  entity: string,
  conditions: readonly Condition[],
  fields: readonly (keyof R & string)[],
): Promise<R[]> {
  const all: R[] = [];
  for (let lastId = 0; ; lastId = all.at(-1)!.id) {
    const { items } = await psa.query<{ items: R[] }>(`${entity}/query`, {
      MaxRecords: PAGE,
      IncludeFields: fields,
      Filter: [...conditions, { op: 'gt', field: 'id', value: lastId }],
    });
    all.push(...items);
    if (items.length < PAGE) return all;
  }
}

/** Every record whose field is one of the values; any number of values. */
export async function queryIn<R extends { id: number }>(
  psa: Psa,
  entity: string,
  field: string,
  values: readonly (number | string)[],
  fields: readonly (keyof R & string)[],
  conditions: readonly Condition[] = [],
): Promise<R[]> {
  const found: R[] = [];
  const distinct = [...new Set(values)];
  for (let i = 0; i < distinct.length; i += MOST_IN) {
    const list: Condition = { op: 'in', field, value: distinct.slice(i, i + MOST_IN) };
    found.push(...(await queryAll<R>(psa, entity, [list, ...conditions], fields)));
  }
  return found;
}
