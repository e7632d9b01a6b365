import { accessSchema } from '@trueup/access';
import { billingSchema } from '@trueup/billing';
import { openDatabase } from '@trueup/persistence';
import type { Logger } from '@trueup/service';
import type { DataSource } from 'typeorm';
import type { IngestConfig } from './ingest-config.js';

const OF_TENANT_POOL = 4;
const ALL_TENANTS_POOL = 2;

/** The database as the sender's tenant sees it, and as tokens need it, which come before a tenant is known. */
export async function openDatabases(
  applicationName: string,
  config: IngestConfig,
  logger: Logger,
): Promise<{ ofTenant: DataSource; allTenants: DataSource }> {
  const { TRUEUP_DATABASE_URL: url, TRUEUP_DATABASE_OWNER_URL: ownerUrl, TRUEUP_DATABASE_APP_URL: appUrl = url } = config;
  const schemas = [accessSchema, billingSchema];
  const allTenants = await openDatabase({ url, ownerUrl, applicationName, poolSize: ALL_TENANTS_POOL, schemas, logger });
  const requests = { applicationName: `${applicationName} requests`, poolSize: OF_TENANT_POOL, schemas: [] };
  return { ofTenant: await openDatabase({ url: appUrl, ...requests, seesOneTenant: true }), allTenants };
}
