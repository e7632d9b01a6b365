import type { SqlRunner } from '../sql-runner.js';

/** The names that customers go by now; a customer that was never named is not among them. */
export async function customerNames(
  database: SqlRunner,
  tenantId: string,
  codes: readonly string[],
): Promise<Map<string, string>> {
  const rows = await database.query<{ code: string; name: string }[]>(
    `select customer_code as code, name from billing.customer
     where tenant_id = $1 and customer_code = any($2::text[]) and name is not null`,
    [tenantId, codes],
  );
  return new Map(rows.map(({ code, name }) => [code, name]));
}

/** What a sku is called by those who hold it: its service, its plan, and both together. One holding speaks for all. */
export async function skuNames(database: SqlRunner, tenantId: string, skus: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await database.query<{ sku: string; service: string; plan: string | null }[]>(
    `select sku, h.service, h.plan from unnest($2::text[]) sku cross join lateral (
       select content->>'serviceName' as service, content->>'planName' as plan from billing.holding h
       where h.tenant_id = $1 and h.sku = sku.sku limit 1) h`,
    [tenantId, skus],
  );
  return new Map(rows.map(({ sku, service, plan }) => [sku, namesOf(service, plan ?? '')]));
}

function namesOf(service: string, plan: string): string[] {
  return plan === '' ? [service] : [service, plan, `${service} ${plan}`];
}
