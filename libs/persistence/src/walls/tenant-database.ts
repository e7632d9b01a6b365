import { TENANT_SETTING } from '@trueup/contracts';
import pg from 'pg';
import { DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { currentTenant } from './tenant-scope.js';

type Isolation = Parameters<DataSource['transaction']>[0];
type Work<T> = (tx: EntityManager) => Promise<T>;

/**
 * A pool whose every statement runs in a transaction that names the tenant of the work under way (`inTenant`). The name ends with the
 * transaction, so that no connection carries it to the next. A statement outside of a transaction gets one of its own: nothing is held
 * between two statements, however long a request lasts.
 */
export class TenantDatabase extends DataSource {
  override transaction<T>(work: Work<T>): Promise<T>;
  override transaction<T>(isolation: Isolation, work: Work<T>): Promise<T>;
  override transaction<T>(first: Work<T> | Isolation, second?: Work<T>): Promise<T> {
    const tenantId = currentTenant();
    const within = (work: Work<T>) => async (tx: EntityManager) => {
      await tx.query(setting(tenantId));
      return work(tx);
    };
    return typeof first === 'string' ? super.transaction(first, within(second!)) : super.transaction(within(first));
  }

  override async query<T = unknown>(sql: string, parameters?: unknown[], runner?: QueryRunner): Promise<T> {
    if (runner) return super.query<T>(sql, parameters, runner);
    const tenantId = currentTenant();
    const own = this.createQueryRunner();
    try {
      return await alone<T>(own, tenantId, sql, parameters);
    } finally {
      await own.release();
    }
  }
}

/** One round trip fewer than a transaction by the book: it begins and names the tenant at once. */
async function alone<T>(runner: QueryRunner, tenantId: string, sql: string, parameters?: unknown[]): Promise<T> {
  try {
    await runner.query(`begin; ${setting(tenantId)}`);
    const result = (await runner.query(sql, parameters)) as T;
    await runner.query('commit');
    return result;
  } catch (error) {
    await runner.query('rollback').catch(() => undefined); // the connection is gone, and the transaction with it
    throw error;
  }
}

function setting(tenantId: string): string {
  return `select set_config('${TENANT_SETTING}', ${pg.escapeLiteral(tenantId)}, true)`;
}
