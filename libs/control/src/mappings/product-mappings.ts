import type { ProductMapping } from '@trueup/contracts';
import type { EntityManager } from 'typeorm';
import { lockSettings } from '../settings-lock.js';
import type { SqlRunner } from '../sql-runner.js';
import {
  type MappingChange,
  type MappingEnd,
  announceMappingChange,
  repeatedRowErrors,
  unknownConnectionErrors,
} from './mapping-change.js';

export interface ProductRef {
  tenantId: string;
  sku: string;
}

// Rows of one selector (connection, term, billing plan, site) follow each other; only what follows the last end is in the list.
const livingRows = `select m.sku, m.connection_id as "connectionId", m.term, m.billing_plan as "billingPlan", m.site_code as "siteCode",
    m.psa_product_ref as "psaProductRef", m.agreement_ref as "agreementRef", m.valid_from as "validFrom"
  from control.product_mapping m join control.connection c on c.id = m.connection_id and c.deleted_at is null
  where m.tenant_id = $1 and m.psa_product_ref is not null
    and not exists (select 1 from control.product_mapping e where e.tenant_id = m.tenant_id and e.sku = m.sku
      and e.connection_id = m.connection_id and e.term = m.term and e.billing_plan = m.billing_plan and e.site_code = m.site_code
      and e.psa_product_ref is null and e.valid_from > m.valid_from)`;

const rowOrder = `m.connection_id collate "C", m.term, m.billing_plan, m.site_code, m.valid_from`;
const listOrder = `"connectionId" collate "C", term, "billingPlan", "siteCode", "validFrom"`;

/** The dated rows of one sku; empty when it is not mapped. */
export async function productMappingsOf(db: SqlRunner, ref: ProductRef): Promise<ProductMapping[]> {
  const rows = await db.query<MappingRow[]>(`${livingRows} and m.sku = $2 order by ${rowOrder}`, [ref.tenantId, ref.sku]);
  return rows.map(toMapping);
}

/**
 * Adds dated rows; earlier rows keep the days before them. What the list does not name (a connection, or a narrower or wider
 * selector of one) ends on the first day of the list. Pointers of the errors index the list.
 */
export async function putProductMappings(
  tx: EntityManager,
  ref: ProductRef,
  wanted: readonly ProductMapping[],
  at: Date,
): Promise<MappingChange<ProductMapping>> {
  await lockSettings(tx, ref.tenantId);
  const errors = [
    ...(await unknownConnectionErrors(tx, ref.tenantId, wanted)),
    ...repeatedRowErrors(wanted, (row) => `${selectorOf(row)} ${row.validFrom}`),
  ];
  if (errors.length > 0) return { errors };
  const before = await productMappingsOf(tx, ref);
  const named = new Set(wanted.map(selectorOf));
  const firstDay = wanted.map((row) => row.validFrom).sort()[0];
  const left = before.filter((row) => !named.has(selectorOf(row)));
  if (firstDay !== undefined) for (const row of left) await endSelector(tx, ref, row, firstDay, at);
  for (const row of wanted) await storeRow(tx, ref, row, at);
  await announceMappingChange(
    tx,
    ref.tenantId,
    [...wanted, ...left].map((row) => row.connectionId),
    { skus: [ref.sku] },
  );
  return { mappings: await productMappingsOf(tx, ref) };
}

/**
 * Ends the sku's mappings (one connection's, or all) on `today`. Nothing is written to a PSA and its lines show `abandoned`, unless the end
 * takes the units away.
 * False when there is nothing to end.
 */
export async function deleteProductMappings(tx: EntityManager, ref: ProductRef, end: MappingEnd, at: Date): Promise<boolean> {
  await lockSettings(tx, ref.tenantId);
  const before = await productMappingsOf(tx, ref);
  const ended = before.filter((row) => end.connectionId === undefined || row.connectionId === end.connectionId);
  if (ended.length === 0) return false;
  for (const row of ended) await endSelector(tx, ref, row, end.today, at, end.onRemove === 'zero');
  await announceMappingChange(
    tx,
    ref.tenantId,
    ended.map((row) => row.connectionId),
    { skus: [ref.sku] },
  );
  return true;
}

/** Skus that have mappings, in order, those after the sku `after`. */
export async function listProductMappings(
  db: SqlRunner,
  tenantId: string,
  page: { after?: string; limit: number },
): Promise<{ sku: string; mappings: ProductMapping[] }[]> {
  const rows = await db.query<MappingRow[]>(
    `with listed as (${livingRows} and m.sku > $2), page as (select distinct sku from listed order by 1 limit $3)
     select listed.* from listed join page using (sku) order by sku, ${listOrder}`,
    [tenantId, page.after ?? '', page.limit],
  );
  return [...Map.groupBy(rows, (row) => row.sku)].map(([sku, group]) => ({ sku, mappings: group.map(toMapping) }));
}

interface MappingRow {
  sku: string;
  connectionId: string;
  term: string;
  billingPlan: string;
  siteCode: string;
  psaProductRef: string;
  agreementRef: string | null;
  validFrom: string;
}

type Selector = Pick<ProductMapping, 'connectionId' | 'term' | 'billingPlan' | 'siteCode'>;

function selectorOf(row: Selector): string {
  return JSON.stringify([row.connectionId, row.term ?? '', row.billingPlan ?? '', row.siteCode ?? '']);
}

function toMapping(row: MappingRow): ProductMapping {
  const { connectionId, term, billingPlan, siteCode, psaProductRef, agreementRef, validFrom } = row;
  const selector = { ...(term && { term }), ...(billingPlan && { billingPlan }), ...(siteCode && { siteCode }) };
  return { connectionId, ...selector, psaProductRef, ...(agreementRef !== null && { agreementRef }), validFrom };
}

async function storeRow(tx: SqlRunner, ref: ProductRef, row: ProductMapping, at: Date): Promise<void> {
  await tx.query(
    `insert into control.product_mapping
       (tenant_id, sku, connection_id, term, billing_plan, site_code, valid_from, psa_product_ref, agreement_ref, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (tenant_id, sku, connection_id, term, billing_plan, site_code, valid_from) do update
       set psa_product_ref = excluded.psa_product_ref, agreement_ref = excluded.agreement_ref, recorded_at = excluded.recorded_at`,
    [...placeOf(ref, row), row.validFrom, row.psaProductRef, row.agreementRef ?? null, at],
  );
}

async function endSelector(
  tx: SqlRunner,
  ref: ProductRef,
  row: Selector,
  day: string,
  at: Date,
  isZeroed = false,
): Promise<void> {
  await tx.query(
    `delete from control.product_mapping
     where tenant_id = $1 and sku = $2 and connection_id = $3 and term = $4 and billing_plan = $5 and site_code = $6 and valid_from >= $7`,
    [...placeOf(ref, row), day],
  );
  await tx.query(
    `insert into control.product_mapping (tenant_id, sku, connection_id, term, billing_plan, site_code, valid_from, recorded_at, is_zeroed)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing`,
    [...placeOf(ref, row), day, at, isZeroed],
  );
}

function placeOf(ref: ProductRef, row: Selector): string[] {
  return [ref.tenantId, ref.sku, row.connectionId, row.term ?? '', row.billingPlan ?? '', row.siteCode ?? ''];
}
