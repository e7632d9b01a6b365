import type { CatalogueRow, Reach } from '@trueup/contracts';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { Bindings, reachPredicate } from '../queries/reach-predicate.js';
import type { SqlRunner } from '../sql-runner.js';

/** Which sku a service (and plan) is sold as, by date. Also `@customer`, `@user`, `@domain`. */
export interface CatalogueChange {
  tenantId: string;
  serviceCode: string;
  rows: readonly CatalogueRow[];
  savedAt: Date;
}

/** The rows of one service, by plan and date; the same for every reader of the tenant. */
export function catalogueRows(database: SqlRunner, tenantId: string, serviceCode: string): Promise<CatalogueRow[]> {
  return database
    .query<StoredRow[]>(`${SELECT_ROWS} where tenant_id = $1 and service_code = $2 order by plan_code, valid_from`, [
      tenantId,
      serviceCode,
    ])
    .then((rows) => rows.map(toCatalogueRow));
}

/**
 * Adds dated rows; earlier rows keep the days before theirs, a row of the same plan and day is replaced. In the same transaction it
 * tells the projector, which re-decides the lines concerned.
 */
export async function putCatalogueRows(tx: EntityManager, change: CatalogueChange): Promise<void> {
  const { tenantId, serviceCode, rows, savedAt } = change;
  await tx.query(
    `insert into billing.catalogue (tenant_id, service_code, plan_code, valid_from, sku, term, billing_plan, saved_at)
     select distinct on (r.plan_code, r.valid_from) $1, $2, r.plan_code, r.valid_from, r.sku, r.term, r.billing_plan, $3
     from unnest($4::text[], $5::date[], $6::text[], $7::text[], $8::text[]) with ordinality
       as r(plan_code, valid_from, sku, term, billing_plan, position)
     order by r.plan_code, r.valid_from, r.position desc
     on conflict (tenant_id, service_code, plan_code, valid_from) do update
       set sku = excluded.sku, term = excluded.term, billing_plan = excluded.billing_plan, saved_at = excluded.saved_at`,
    [
      tenantId,
      serviceCode,
      savedAt,
      rows.map((row) => row.planCode ?? ''),
      rows.map((row) => row.validFrom),
      rows.map((row) => row.sku),
      rows.map((row) => row.term ?? null),
      rows.map((row) => row.billingPlan ?? null),
    ],
  );
  await appendCommand(tx, 'billing', { tenantId, kind: 'catalogue-changed', payload: { serviceCodes: [serviceCode] } });
}

/** Keys of the lines within reach that rows of a service feed now: those that a change of its catalogue may touch. */
export async function linesOfService(
  database: SqlRunner,
  tenantId: string,
  reach: Reach,
  serviceCode: string,
): Promise<string[]> {
  const bindings = new Bindings();
  const conditions = [
    `h.tenant_id = ${bindings.add(tenantId)}`,
    `h.code = ${bindings.add(serviceCode)}`,
    'h.line_key is not null',
  ];
  conditions.push(reachPredicate(reach, 'h', bindings));
  const rows = await database.query<{ key: string }[]>(
    `select distinct h.line_key as key from billing.holding h where ${conditions.join(' and ')} order by 1`,
    bindings.values,
  );
  return rows.map(({ key }) => key);
}

/** A row as stored; `planCode` '' stands for "any plan". */
export interface StoredRow {
  tenantId: string;
  serviceCode: string;
  planCode: string;
  validFrom: string;
  sku: string;
  term: string | null;
  billingPlan: string | null;
}

export const SELECT_ROWS = `select tenant_id as "tenantId", service_code as "serviceCode", plan_code as "planCode",
  valid_from as "validFrom", sku, term, billing_plan as "billingPlan" from billing.catalogue`;

/** The public shape of a stored row. */
export function toCatalogueRow(row: StoredRow): CatalogueRow {
  return {
    planCode: row.planCode === '' ? null : row.planCode,
    sku: row.sku,
    ...(row.term !== null && { term: row.term }),
    ...(row.billingPlan !== null && { billingPlan: row.billingPlan }),
    validFrom: row.validFrom,
  };
}
