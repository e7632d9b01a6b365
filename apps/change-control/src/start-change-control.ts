import { billingSchema } from '@trueup/billing';
import { controlSchema } from '@trueup/control';
import { createKafka } from '@trueup/kafka';
import { openDatabase } from '@trueup/persistence';
import { type RunningService, type ServiceContext, clock } from '@trueup/service';
import { BillingTenantDays } from './billing-tenant-days.js';
import { ChangeControl } from './change-control.js';

interface Config {
  TRUEUP_KAFKA_BROKERS: string[];
  TRUEUP_DATABASE_URL: string;
  TRUEUP_DATABASE_OWNER_URL?: string;
}

const POOL_SIZE = 16;

/** Opens database and log and starts deciding. */
export async function startChangeControl({
  name,
  config,
  logger,
  health,
  fail,
}: ServiceContext<Config>): Promise<RunningService> {
  const schemas = [billingSchema, controlSchema];
  const database = await openDatabase({
    url: config.TRUEUP_DATABASE_URL,
    ownerUrl: config.TRUEUP_DATABASE_OWNER_URL,
    applicationName: name,
    poolSize: POOL_SIZE,
    schemas,
    logger,
  });
  const link = createKafka({ brokers: config.TRUEUP_KAFKA_BROKERS, clientId: name, logger });
  const days = new BillingTenantDays(database, () => clock.now());
  const onCrash = (error: Error): void => fail('the consumer gave up', error);
  const control = new ChangeControl({ database, link, days, logger, onCrash });
  health.ready('database', async () => {
    await database.query('select 1');
    return null;
  });
  await control.start(health);
  return {
    stop: async () => {
      await control.stop();
      await link.stop();
      await database.destroy();
    },
  };
}
