import type { PlainDate } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** Names an operation. */
export interface OperationRef {
  tenantId: string;
  operationId: string;
}

/** What is done so far. `afterCustomer`: where to go on after a crash. `report`: what was found so far. */
export interface Progress {
  done: number;
  total?: number;
  afterCustomer?: string;
  report?: unknown;
  now: Date;
}

/** Says how far an operation is; in the transaction of the work itself, so that nothing is done twice or left out. */
export async function advanceOperation(
  tx: SqlRunner,
  { tenantId, operationId }: OperationRef,
  progress: Progress,
): Promise<void> {
  const { done, total, afterCustomer, report, now } = progress;
  await tx.query(
    `update billing.operation set stage = 'running', done = $3, total = coalesce($4, total), after_customer = coalesce($5, after_customer),
       report = coalesce($6::jsonb, report), started_at = coalesce(started_at, $7)
     where tenant_id = $1 and id = $2 and finished_at is null`,
    [
      tenantId,
      operationId,
      done,
      total ?? null,
      afterCustomer ?? null,
      report === undefined ? null : JSON.stringify(report),
      now,
    ],
  );
}

/** Says that an operation is over, and what it came to. */
export async function finishOperation(
  tx: SqlRunner,
  { tenantId, operationId }: OperationRef,
  report: unknown,
  now: Date,
): Promise<void> {
  await tx.query(
    `update billing.operation set stage = 'done', done = total, report = $3::jsonb, started_at = coalesce(started_at, $4), finished_at = $4
     where tenant_id = $1 and id = $2 and finished_at is null`,
    [tenantId, operationId, JSON.stringify(report), now],
  );
}

/** The operations that wait for a period to be closed: whoever asked for it, however often. */
export async function closesOf(database: SqlRunner, tenantId: string, periodId: PlainDate): Promise<OperationRef[]> {
  return database.query(
    `select tenant_id as "tenantId", id as "operationId" from billing.operation
     where tenant_id = $1 and period_id = $2::date and kind = 'close' and finished_at is null`,
    [tenantId, periodId],
  );
}

/** Customers of a tenant: the work ahead. */
export async function countCustomers(database: SqlRunner, tenantId: string, codes?: readonly string[]): Promise<number> {
  const [row] = await database.query<{ count: string }[]>(
    `select count(*) from billing.customer where tenant_id = $1 and ($2::text[] is null or customer_code = any($2::text[]))`,
    [tenantId, codes ?? null],
  );
  return Number(row!.count);
}
