import { DataSource, type QueryRunner } from 'typeorm';
import type { StoreSchema } from './store-schema.js';
import { buildWalls } from './walls/build-walls.js';

const LOCK_SPACE = 0x7275;

/**
 * Runs the missing migrations of one schema and builds the walls of its tables. Replicas that start together wait for each other under
 * an advisory lock.
 */
export async function migrate(url: string, schema: StoreSchema, isOwnerAlone: boolean): Promise<void> {
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
    await underLock(source, schema.name, async (holder) => {
      await source.runMigrations({ transaction: 'each' });
      await buildWalls(holder, schema, isOwnerAlone);
    });
  } finally {
    await source.destroy();
  }
}

async function underLock(source: DataSource, name: string, work: (holder: QueryRunner) => Promise<unknown>): Promise<void> {
  const holder = source.createQueryRunner();
  await holder.connect();
  try {
    await holder.query('select pg_advisory_lock($1, hashtext($2))', [LOCK_SPACE, name]);
    await createWhereMissing(holder, name);
    await work(holder);
  } finally {
    await holder.query('select pg_advisory_unlock($1, hashtext($2))', [LOCK_SPACE, name]);
    await holder.release();
  }
}

/** "create schema if not exists" asks for the right to create even where there is nothing to do: a role that owns its schema alone has none. */
async function createWhereMissing(holder: QueryRunner, name: string): Promise<void> {
  const present: unknown[] = await holder.query('select 1 from pg_namespace where nspname = $1', [name]);
  if (present.length === 0) await holder.query(`create schema if not exists "${name}"`);
}
