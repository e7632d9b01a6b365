import type { AgreementLineId } from '../agreement-lines/agreement-line-parts.js';
import { type AgreementLineRow, agreementLineColumns } from '../agreement-lines/agreement-line-row.js';
import type { SqlRunner } from '../sql-runner.js';

/** A manual run that has not released all its lines yet. */
export interface ManualRun {
  id: string;
  tenantId: string;
  connectionId: string;
  /** Null: every customer. */
  customerCodes: string[] | null;
  /** Nothing later than this period is brought; null: everything. */
  periodId: string | null;
  /** Nothing is written: connectors only say what they would do. */
  isPreview: boolean;
}

/** A version that a run released. */
export interface RunVersion extends AgreementLineId {
  version: number;
}

/** The run, if it still has lines to release. */
export async function findManualRun(db: SqlRunner, tenantId: string, runId: string): Promise<ManualRun | null> {
  const [run] = await db.query<ManualRun[]>(
    `select id, tenant_id as "tenantId", connection_id as "connectionId", customer_codes as "customerCodes", period_id as "periodId",
       is_preview as "isPreview"
     from control.run
     where tenant_id = $1 and id = $2 and kind = 'manual' and state = 'running' and released_at is null`,
    [tenantId, runId],
  );
  return run ?? null;
}

/** Locks, in key order, mapped agreement lines of the run that it has not released yet, those after the key `after`. */
export function lockLinesOfRun(
  tx: SqlRunner,
  run: ManualRun,
  page: { after: string; limit: number },
): Promise<AgreementLineRow[]> {
  return tx.query(
    `select ${agreementLineColumns} from control.agreement_line l
     where l.tenant_id = $1 and l.connection_id = $2 and l.agreement_line_key > $3
       and exists (select 1 from control.agreement_line_part p where p.connection_id = l.connection_id
         and p.agreement_line_key = l.agreement_line_key and not p.is_left and ($5::text[] is null or p.customer_code = any($5::text[])))
       and not exists (select 1 from control.run_version v where v.run_id = $6 and v.connection_id = l.connection_id
         and v.agreement_line_key = l.agreement_line_key)
     order by l.connection_id, l.agreement_line_key limit $4 for update of l`,
    [run.tenantId, run.connectionId, page.after, page.limit, run.customerCodes, run.id],
  );
}

/** Customers and skus of the run that no mapping brings to a PSA. */
export function unmappedOfRun(
  db: SqlRunner,
  run: Pick<ManualRun, 'tenantId' | 'customerCodes'>,
): Promise<{ customerCode: string; sku: string; code: string }[]> {
  return db.query(
    `select customer_code as "customerCode", sku, code from control.line_part
     where tenant_id = $1 and code is not null and ($2::text[] is null or customer_code = any($2::text[]))
     order by customer_code, sku`,
    [run.tenantId, run.customerCodes],
  );
}

/** Notes what a run released. */
export async function addRunVersions(tx: SqlRunner, runId: string, versions: readonly RunVersion[]): Promise<void> {
  await tx.query(
    `insert into control.run_version (run_id, connection_id, agreement_line_key, version)
     select $1, r."connectionId", r."agreementLineKey", r.version
     from jsonb_to_recordset($2::jsonb) as r("connectionId" text, "agreementLineKey" text, version int)`,
    [runId, JSON.stringify(versions)],
  );
}

/** The runs of those versions that a manual run released, by `connection/key/version`. */
export async function runsOfVersions(db: SqlRunner, versions: readonly RunVersion[]): Promise<Map<string, string>> {
  const rows = await db.query<(RunVersion & { runId: string })[]>(
    `select v.run_id as "runId", v.connection_id as "connectionId", v.agreement_line_key as "agreementLineKey", v.version
     from control.run_version v
     where (v.connection_id, v.agreement_line_key, v.version)
       in (select c, k, n from unnest($1::text[], $2::text[] collate "C", $3::int[]) as w(c, k, n))`,
    [versions.map((one) => one.connectionId), versions.map((one) => one.agreementLineKey), versions.map((one) => one.version)],
  );
  return new Map(rows.map((row) => [runVersionKey(row), row.runId]));
}

export function runVersionKey({ connectionId, agreementLineKey, version }: RunVersion): string {
  return `${connectionId}/${agreementLineKey}/${version}`;
}

/** Notes that versions have their final outcome. */
export async function endRunVersions(tx: SqlRunner, versions: readonly RunVersion[]): Promise<void> {
  await tx.query(
    `update control.run_version set is_final = true
     where (connection_id, agreement_line_key, version)
       in (select c, k, n from unnest($1::text[], $2::text[] collate "C", $3::int[]) as w(c, k, n))`,
    [versions.map((one) => one.connectionId), versions.map((one) => one.agreementLineKey), versions.map((one) => one.version)],
  );
}

/** Notes that the run has released its last line. */
export async function markRunReleased(tx: SqlRunner, runId: string, at: Date): Promise<void> {
  await tx.query('update control.run set released_at = $2 where id = $1', [runId, at]);
}

/** Ends those of the runs that have released everything and wait for no outcome any more; returns them. */
export function finishManualRuns(
  tx: SqlRunner,
  runIds: readonly string[],
  at: Date,
): Promise<{ id: string; connectionId: string }[]> {
  return tx.query(
    `with waiting as (select r.id from control.run r where r.id = any($1::text[]) order by r.id for update),
       ended as (
         update control.run r set state = 'finished', finished_at = $2 from waiting w
         where r.id = w.id and r.state = 'running' and r.released_at is not null
           and not exists (select 1 from control.run_version v where v.run_id = r.id and not v.is_final)
         returning r.id, r.connection_id)
     select id, connection_id as "connectionId" from ended`,
    [[...runIds], at],
  );
}
