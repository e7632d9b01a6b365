import { accessSchema } from '@trueup/access';
import { billingSchema } from '@trueup/billing';
import { controlSchema } from '@trueup/control';
import { inTenant, openDatabase, poolUse, type PoolUse } from '@trueup/persistence';
import type { Logger } from '@trueup/service';
import type { DataSource } from 'typeorm';

/** One database under its two roles. */
export interface Databases {
  /** Sees the caller's tenant alone. */
  db: DataSource;
  /** For what comes before a tenant is known, and for what belongs to none. */
  allTenants: DataSource;
}

interface DatabaseAddresses {
  TRUEUP_DATABASE_URL: string;
  TRUEUP_DATABASE_OWNER_URL?: string;
  TRUEUP_DATABASE_APP_URL?: string;
}

const ALL_TENANTS_POOL = 5;

/** Brings the schemas up to date and opens both pools. */
export async function openDatabases(config: DatabaseAddresses, logger: Logger): Promise<Databases> {
  const { TRUEUP_DATABASE_URL: url, TRUEUP_DATABASE_OWNER_URL: ownerUrl, TRUEUP_DATABASE_APP_URL: appUrl = url } = config;
  const schemas = [accessSchema, billingSchema, controlSchema];
  const pool = { applicationName: 'api', poolSize: ALL_TENANTS_POOL };
  const allTenants = await openDatabase({ url, ownerUrl, ...pool, schemas, logger });
  const db = await openDatabase({ url: appUrl, applicationName: 'api requests', schemas: [], seesOneTenant: true });
  return { db, allTenants };
}

/** Why the database cannot be used, or null. */
export async function databaseFault({ db, allTenants }: Databases): Promise<string | null> {
  try {
    await Promise.all([allTenants.query('select 1'), inTenant('readiness', () => db.query('select 1'))]);
    return null;
  } catch {
    return 'the database does not answer'; // readiness is the report; the cause is in the database's own log
  }
}

/** Both pools together. */
export function poolsUse({ db, allTenants }: Databases): PoolUse {
  const [one, other] = [poolUse(db), poolUse(allTenants)];
  return { busy: one.busy + other.busy, idle: one.idle + other.idle, waiting: one.waiting + other.waiting };
}
