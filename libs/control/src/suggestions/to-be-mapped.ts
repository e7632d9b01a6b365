import type { SqlRunner } from '../sql-runner.js';

/** What lines wait for a mapping of, and what the connection's mappings name already. */
export interface ToBeMapped {
  /** Codes of customers, and of resellers that are billed for theirs. */
  customerCodes: string[];
  skus: string[];
  /** Billing identifiers in use. */
  identifiers: string[];
}

// A row without a target ends what is before it.
const MAPPED_CUSTOMER = `select m.billing_identifier as ref from control.customer_mapping m
  where m.tenant_id = $1 and m.connection_id = $2 and m.billing_identifier is not null and not exists (
    select 1 from control.customer_mapping e where e.tenant_id = m.tenant_id and e.connection_id = m.connection_id
      and e.customer_code = m.customer_code and e.billing_identifier is null and e.valid_from > m.valid_from)`;
const MAPPED_SKU = `select 1 from control.product_mapping m
  where m.tenant_id = $1 and m.connection_id = $2 and m.sku = l.sku and m.psa_product_ref is not null and not exists (
    select 1 from control.product_mapping e where e.tenant_id = m.tenant_id and e.connection_id = m.connection_id and e.sku = m.sku
      and (e.term, e.billing_plan, e.site_code) = (m.term, m.billing_plan, m.site_code)
      and e.psa_product_ref is null and e.valid_from > m.valid_from)`;

/** Of lines that no connection takes: the payers and skus without any mapping on this connection. */
export async function toBeMapped(db: SqlRunner, tenantId: string, connectionId: string): Promise<ToBeMapped> {
  const customers = await db.query<{ code: string }[]>(
    `select distinct payer collate "C" as code from control.line_part l,
       unnest(case when cardinality(l.payer_codes) = 0 then array[l.customer_code] else l.payer_codes end) payer
     where l.tenant_id = $1 and l.code is not null and not exists (${MAPPED_CUSTOMER} and m.customer_code = payer) order by 1`,
    [tenantId, connectionId],
  );
  const skus = await db.query<{ sku: string }[]>(
    `select distinct l.sku collate "C" as sku from control.line_part l
     where l.tenant_id = $1 and l.code is not null and not exists (${MAPPED_SKU}) order by 1`,
    [tenantId, connectionId],
  );
  const identifiers = await db.query<{ ref: string }[]>(MAPPED_CUSTOMER, [tenantId, connectionId]);
  return {
    customerCodes: customers.map((row) => row.code),
    skus: skus.map((row) => row.sku),
    identifiers: identifiers.map((row) => row.ref),
  };
}
