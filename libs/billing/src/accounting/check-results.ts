import type { SqlRunner } from '../sql-runner.js';

/** What a check said of one tenant and identity. */
export interface CheckResult {
  tenantId: string;
  identity: string;
  /** Events or lines whose difference is older than the grace. */
  unexplained: number;
  /** Since when the oldest of them has been there; null when there is none. */
  oldestSince: Date | null;
  checkedAt: Date;
}

/** Stores what a check said, in place of everything that was said before. */
export async function writeCheckResults(db: SqlRunner, results: readonly CheckResult[]): Promise<void> {
  await db.query('delete from billing.accounting_check');
  await db.query(
    `insert into billing.accounting_check (tenant_id, identity, unexplained, oldest_since, checked_at)
     select * from unnest($1::text[], $2::text[], $3::bigint[], $4::timestamptz[], $5::timestamptz[])`,
    [
      results.map(({ tenantId }) => tenantId),
      results.map(({ identity }) => identity),
      results.map(({ unexplained }) => unexplained),
      results.map(({ oldestSince }) => oldestSince),
      results.map(({ checkedAt }) => checkedAt),
    ],
  );
}

/** The last check, of one tenant or of all. */
export async function readCheckResults(db: SqlRunner, tenantId?: string): Promise<CheckResult[]> {
  const rows = await db.query<(Omit<CheckResult, 'unexplained'> & { unexplained: string })[]>(
    `select tenant_id as "tenantId", identity, unexplained, oldest_since as "oldestSince", checked_at as "checkedAt"
     from billing.accounting_check where $1::text is null or tenant_id = $1`,
    [tenantId ?? null],
  );
  return rows.map((row) => ({ ...row, unexplained: Number(row.unexplained) }));
}
