import { TokenVerifier, ensureBootstrap } from '@trueup/access';
import { insertDefaultSettings } from '@trueup/billing';
import { clock, watchStore } from '@trueup/service';
import type { RunningService, ServiceContext } from '@trueup/service';
import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import { masterKeyOf } from './access/access-config.js';
import { rotateAtStart } from './access/rotate-at-start.js';
import { watchAccounts } from './accounting/account-metrics.js';
import { startCheckLoop } from './accounting/check-loop.js';
import { readFirstTenant, requestLimitOf } from './api-config.js';
import type { apiConfig } from './api-config.js';
import { startAnchorLoop } from './audit/anchor-loop.js';
import { createApp } from './create-app.js';
import { startForgettingLoop } from './http/forget-answers-loop.js';
import { openRequestLimiter } from './http/request-limiter.js';
import { databaseFault, openDatabases, poolsUse } from './open-databases.js';
import type { Databases } from './open-databases.js';

type Context = ServiceContext<z.output<z.ZodObject<typeof apiConfig>>>;

/** Connectors drop their settings this long after they last read them. */
const leaseMs = 5_000;
const checkWaitMs = 20_000;
const baselineWaitMs = 10_000;
const longestStreamMs = 25_000;

/** Opens the database, makes the first tenant, and listens. */
export async function startApi({ config, logger, health }: Context): Promise<RunningService> {
  const masterKey = masterKeyOf(config);
  const databases = await openDatabases(config, logger);
  const { allTenants } = databases;
  await bootstrap(allTenants, config);
  health.ready('database', () => databaseFault(databases));
  watchAccounts(allTenants, clock.now);
  watchStore({ schema: 'access', pool: () => poolsUse(databases) });
  const verifier = new TokenVerifier(allTenants, clock.now);
  const testHosts = config.TRUEUP_TEST_HOSTS;
  const trustedProxies = config.TRUEUP_TRUSTED_PROXIES;
  const anchorFile = config.TRUEUP_AUDIT_ANCHOR_FILE;
  const limit = openRequestLimiter(requestLimitOf(config), logger);
  const app = await createApp({
    ...databases,
    verifier,
    masterKey,
    anchorFile,
    logger,
    limiter: limit.limiter,
    now: clock.now,
    testHosts,
    trustedProxies,
    leaseMs,
    checkWaitMs,
    baselineWaitMs,
    longestStreamMs,
  });
  await app.listen(config.TRUEUP_HTTP_PORT, config.TRUEUP_HTTP_HOST);
  logger.info({ url: await app.getUrl() }, 'listening');
  const rotation = rotateAtStart({ db: allTenants, masterKey, logger, now: clock.now });
  const anchors = startAnchorLoop({ db: allTenants, masterKey, logger, now: clock.now, anchorFile });
  const forgetting = startForgettingLoop({ db: allTenants, logger, now: clock.now });
  const check = startCheckLoop({ db: allTenants, logger, now: clock.now });
  return { stop: () => stopAll(app, databases, [rotation, anchors, forgetting, check, limit]) };
}

function bootstrap(db: DataSource, config: Context['config']): Promise<void> {
  const tokens = config.TRUEUP_BOOTSTRAP_SERVICE_TOKENS ?? new Map();
  return ensureBootstrap(db, {
    tenant: readFirstTenant(config),
    serviceTokens: new Map([...tokens].map(([kind, secret]) => [kind, secret.reveal()])),
    at: clock.now(),
    onTenantCreated: (tx, tenant) => insertDefaultSettings(tx, tenant.id, tenant.createdAt),
  });
}

async function stopAll(
  app: { close(): Promise<void> },
  { db, allTenants }: Databases,
  parts: { stop(): unknown }[],
): Promise<void> {
  await app.close();
  for (const part of parts) await part.stop();
  await db.destroy();
  await allTenants.destroy();
}
