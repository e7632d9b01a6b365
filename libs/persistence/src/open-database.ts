import pg from 'pg';
import { DataSource } from 'typeorm';
import type { StoreSchema } from './store-schema.js';
import { migrate } from './migrate.js';
import { TenantDatabase } from './walls/tenant-database.js';

export interface DatabaseOptions {
  url: string;
  /** Of the role that owns the schemas, used for their migrations alone. Without one `url` does both, and the walls let it through. */
  ownerUrl?: string;
  applicationName: string;
  /** Connections of the pool; default 10. */
  poolSize?: number;
  /** After so long without a statement the database ends a transaction and frees its locks; see staysOpen for those that wait on purpose. Default 30,000. */
  idleTransactionMs?: number;
  /** Schemas that this process uses; missing migrations run before the pool is handed out. */
  schemas: readonly StoreSchema[];
  /** Every statement needs a tenant (see inTenant), and reaches its rows alone if `url` is of the role for that. Default false. */
  seesOneTenant?: boolean;
  /** Told once when the walls do not hold this process. */
  logger?: { info(fields: object, message: string): void };
}

// A database that hangs must be noticed: the caller answers 503 or waits and tries again, instead of standing still.
const CONNECT_WITHIN_MS = 5_000;
const STATEMENT_WITHIN_MS = 60_000;
// A process that was frozen, or cut off, in the middle of a transaction would hold up every other replica with its locks.
const IDLE_TRANSACTION_MS = 30_000;
const ONE_ROLE =
  'one database role migrates and works, so that row-level security does not hold it: see TRUEUP_DATABASE_OWNER_URL';

// A billing day has no zone: as a JS Date it would shift with the zone of the machine. It stays text.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/**
 * Brings the schemas up to date and opens the pool. bigint and numeric arrive as text, `date` as `YYYY-MM-DD`, timestamptz as Date.
 * Throws when the database cannot be reached; the caller decides whether to wait.
 */
export async function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const { url, ownerUrl, schemas, seesOneTenant = false } = options;
  for (const schema of schemas) await migrate(ownerUrl ?? url, schema, ownerUrl === undefined);
  if (ownerUrl === undefined && schemas.length > 0) options.logger?.info({}, ONE_ROLE);
  const database = new (seesOneTenant ? TenantDatabase : DataSource)({
    type: 'postgres',
    url,
    poolSize: options.poolSize ?? 10,
    applicationName: options.applicationName,
    connectTimeoutMS: CONNECT_WITHIN_MS,
    extra: {
      statement_timeout: STATEMENT_WITHIN_MS,
      idle_in_transaction_session_timeout: options.idleTransactionMs ?? IDLE_TRANSACTION_MS,
    },
    synchronize: false,
    entities: [],
  });
  return database.initialize();
}
