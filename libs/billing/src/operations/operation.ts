import type { PlainDate } from '@trueup/contracts';
import { keyOfCursor, type Page, type PageRequest, pageOf } from '../queries/page.js';
import type { SqlRunner } from '../sql-runner.js';

export type OperationKind = 'close' | 'reprocess' | 'rebuild';

/** How far an operation is: it waits to be taken or for the end of the grace, works customer by customer, or is over. */
export type OperationStage = 'waiting' | 'running' | 'done';

/** A long piece of work that somebody asked for. `done` and `total` count customers. */
export interface Operation {
  id: string;
  kind: OperationKind;
  periodId: PlainDate | null;
  isDryRun: boolean;
  stage: OperationStage;
  done: number;
  total: number;
  /** Null before it can be told. */
  etaSeconds: number | null;
  requestedAt: string;
  finishedAt: string | null;
  /** What it came to (of a dry run: would come to); null until it is done. */
  report: unknown;
}

/** An operation with what carrying it out needs. */
export interface StoredOperation extends Omit<Operation, 'etaSeconds' | 'requestedAt' | 'finishedAt'> {
  tenantId: string;
  /** Everything up to this customer is done. */
  afterCustomer: string;
  requestedAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
}

/** An operation of the tenant by its id (`op_…`); null when it has none of this id. */
export async function findOperation(
  database: SqlRunner,
  tenantId: string,
  operationId: string,
  now: Date,
): Promise<Operation | null> {
  const stored = await readOperation(database, tenantId, operationId);
  return stored === null ? null : toOperation(stored, now);
}

/** A page of the tenant's operations, newest first. */
export async function listOperations(
  database: SqlRunner,
  tenantId: string,
  page: PageRequest,
  now: Date,
): Promise<Page<Operation>> {
  const before = keyOfCursor(page.cursor, 1)?.[0] ?? null;
  const rows = await database.query<StoredOperation[]>(
    `${SELECT} where tenant_id = $1 and ($2::text is null or id < $2) order by id desc limit $3`,
    [tenantId, before, page.limit + 1],
  );
  return pageOf(
    rows,
    page.limit,
    ({ id }) => [id],
    (row) => toOperation(row, now),
  );
}

const SELECT = `select tenant_id as "tenantId", id, kind, period_id as "periodId", is_dry_run as "isDryRun", stage, done, total,
  after_customer as "afterCustomer", report, requested_at as "requestedAt", started_at as "startedAt", finished_at as "finishedAt"
  from billing.operation`;

/** An operation as stored. */
export async function readOperation(database: SqlRunner, tenantId: string, operationId: string): Promise<StoredOperation | null> {
  const [row] = await database.query<StoredOperation[]>(`${SELECT} where tenant_id = $1 and id = $2`, [tenantId, operationId]);
  return row ?? null;
}

function toOperation(stored: StoredOperation, now: Date): Operation {
  const { id, kind, periodId, isDryRun, stage, done, total, finishedAt } = stored;
  return {
    ...{ id, kind, periodId, isDryRun, stage, done, total },
    etaSeconds: etaSeconds(stored, now),
    requestedAt: stored.requestedAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
    report: stage === 'done' ? stored.report : null,
  };
}

function etaSeconds({ stage, done, total, startedAt }: StoredOperation, now: Date): number | null {
  if (stage === 'done') return 0;
  if (startedAt === null || done === 0) return null;
  const elapsedMs = Math.max(now.getTime() - startedAt.getTime(), 0);
  return Math.ceil(((elapsedMs / done) * Math.max(total - done, 0)) / 1_000);
}
