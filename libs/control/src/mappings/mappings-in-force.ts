import type { SqlRunner } from '../sql-runner.js';

/** A dated row as decisions read it; without a billing identifier it ends the mapping on its day. */
export interface DatedCustomerMapping {
  customerCode: string;
  connectionId: string;
  validFrom: string;
  billingIdentifier: string | null;
  agreementRef: string | null;
  /** An end that takes the units out of the PSA. */
  isZeroed: boolean;
}

/** A dated row as decisions read it; "" in a selector means any, no product reference ends the selector's mapping on its day. */
export interface DatedProductMapping {
  sku: string;
  connectionId: string;
  term: string;
  billingPlan: string;
  siteCode: string;
  validFrom: string;
  psaProductRef: string | null;
  agreementRef: string | null;
  /** An end that takes the units out of the PSA. */
  isZeroed: boolean;
}

/** Every row, ends too, of these customers (or resellers) on living connections. */
export function datedCustomerMappings(
  db: SqlRunner,
  tenantId: string,
  codes: readonly string[],
): Promise<DatedCustomerMapping[]> {
  return db.query(
    `select m.customer_code as "customerCode", m.connection_id as "connectionId", m.valid_from as "validFrom",
       m.billing_identifier as "billingIdentifier", m.agreement_ref as "agreementRef", m.is_zeroed as "isZeroed"
     from control.customer_mapping m join control.connection c on c.id = m.connection_id and c.deleted_at is null
     where m.tenant_id = $1 and m.customer_code = any($2::text[])`,
    [tenantId, [...new Set(codes)]],
  );
}

/** Every row, ends too, of these skus on living connections. */
export function datedProductMappings(db: SqlRunner, tenantId: string, skus: readonly string[]): Promise<DatedProductMapping[]> {
  return db.query(
    `select m.sku, m.connection_id as "connectionId", m.term, m.billing_plan as "billingPlan", m.site_code as "siteCode",
       m.valid_from as "validFrom", m.psa_product_ref as "psaProductRef", m.agreement_ref as "agreementRef", m.is_zeroed as "isZeroed"
     from control.product_mapping m join control.connection c on c.id = m.connection_id and c.deleted_at is null
     where m.tenant_id = $1 and m.sku = any($2::text[])`,
    [tenantId, [...new Set(skus)]],
  );
}

/** Codes and skus whose mapping begins or ends on a day after `after`, up to `until`. */
export async function mappingsThatBegin(
  db: SqlRunner,
  tenantId: string,
  days: { after: string; until: string },
): Promise<{ customerCodes: string[]; skus: string[] }> {
  const [row] = await db.query<{ codes: string[] | null; skus: string[] | null }[]>(
    `select
       (select array_agg(distinct customer_code) from control.customer_mapping
        where tenant_id = $1 and valid_from > $2 and valid_from <= $3) as codes,
       (select array_agg(distinct sku) from control.product_mapping
        where tenant_id = $1 and valid_from > $2 and valid_from <= $3) as skus`,
    [tenantId, days.after, days.until],
  );
  return { customerCodes: row?.codes ?? [], skus: row?.skus ?? [] };
}
