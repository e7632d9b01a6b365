import { DataSource } from 'typeorm';
import type { StoreSchema } from './store-schema.js';

const LOCK_SPACE = 0x7275;

/** Runs the missing migrations of one schema. Replicas that start together wait for each other under an advisory lock. */
export async function migrate(url: string, schema: StoreSchema): Promise<void> {
  const source = new DataSource({
    type: 'postgres',
    url,
    // One connection holds the lock while the migrations run on another.
    poolSize: 2,
    schema: schema.name,
    migrations: [...schema.migrations],
    migrationsTableName: 'migration',
    synchronize: false,
  });
  await source.initialize();
  try {
    await underLock(source, schema.name, () => source.runMigrations({ transaction: 'each' }));
  } finally {
    await source.destroy();
  }
}

async function underLock(source: DataSource, name: string, work: () => Promise<unknown>): Promise<void> {
  const holder = source.createQueryRunner();
  await holder.connect();
  try {
    await holder.query('select pg_advisory_lock($1, hashtext($2))', [LOCK_SPACE, name]);
    await holder.query(`create schema if not exists "${name}"`);
    await work();
  } finally {
    await holder.query('select pg_advisory_unlock($1, hashtext($2))', [LOCK_SPACE, name]);
    await holder.release();
  }
}
