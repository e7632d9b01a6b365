import type { Pool } from 'pg';
import type { DataSource } from 'typeorm';

/** Connections of a pool, and who waits for one. */
export interface PoolUse {
  busy: number;
  idle: number;
  /** Askers without a connection: the pool is too small, or something holds its connections. */
  waiting: number;
}

/** How the pool behind a database stands at this moment. */
export function poolUse(database: DataSource): PoolUse {
  const { totalCount, idleCount, waitingCount } = (database.driver as unknown as { master: Pool }).master;
  return { busy: totalCount - idleCount, idle: idleCount, waiting: waitingCount };
}
