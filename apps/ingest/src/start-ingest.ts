import { TokenVerifier } from '@trueup/access';
import { findKnownEvents, writeAccepted } from '@trueup/billing';
import { PROVISIONING_EVENTS } from '@trueup/contracts';
import { createKafka, type KafkaLink } from '@trueup/kafka';
import { inTenant, poolUse } from '@trueup/persistence';
import { clock, type RunningService, type ServiceContext, type ServiceHealth, watchStore } from '@trueup/service';
import { randomUUID } from 'node:crypto';
import { AcceptedCount } from './accepted-count.js';
import { EventReceiver } from './event-receiver.js';
import { createIngestApp } from './ingest-app.js';
import { eventLimitsOf, type IngestConfig } from './ingest-config.js';
import { KnownEvents } from './known-events.js';
import { openEventLimiter } from './limits/open-event-limiter.js';
import { openDatabases } from './open-databases.js';

/** Senders are better served by another replica, or later, than by waiting for each refusal. */
const NO_ACKNOWLEDGEMENT_MS = 10_000;

/** Connects, listens, and answers how to stop: no new requests, those under way finished, then the connections. */
export async function startIngest({ name, config, logger, health }: ServiceContext<IngestConfig>): Promise<RunningService> {
  const { ofTenant, allTenants } = await openDatabases(name, config, logger);
  const now = (): Date => clock.now();
  const link = createKafka({ brokers: config.TRUEUP_KAFKA_BROKERS, clientId: name, logger, now });
  const publisher = link.publisher({ maxWaitMs: config.TRUEUP_INGEST_MAX_WAIT_MS });
  const knownEvents = new KnownEvents((tenantId, identities) =>
    inTenant(tenantId, () => findKnownEvents(ofTenant, tenantId, identities)),
  );
  const instance = randomUUID();
  const accepted = new AcceptedCount({ write: (totals) => writeAccepted(allTenants, instance, totals), now, logger });
  const receiver = new EventReceiver({ publisher, knownEvents, accepted, now });
  const limits = openEventLimiter(eventLimitsOf(config), logger);
  const app = await createIngestApp({ receiver, limiter: limits.limiter, logger, tokens: new TokenVerifier(allTenants, now) });
  watch(health, link, () => Promise.all([allTenants.query('select 1'), inTenant('readiness', () => ofTenant.query('select 1'))]));
  watchStore({ schema: 'billing', pool: () => poolUse(ofTenant) });
  health.ready('acknowledgements', () =>
    publisher.refusingMs() > NO_ACKNOWLEDGEMENT_MS ? 'the log has acknowledged nothing for more than ten seconds' : null,
  );
  health.inFlight('requests', () => Promise.resolve([{ what: 'requests under way', count: receiver.underWay }]));
  health.inFlight('counts', () => Promise.resolve([{ what: 'acknowledged events not yet counted', count: accepted.unwritten }]));
  await app.listen(config.TRUEUP_HTTP_PORT, config.TRUEUP_HTTP_HOST);
  logger.info({ url: await app.getUrl() }, 'ingest listens');
  return {
    stop: async () => {
      await app.close();
      limits.stop();
      await publisher.stop();
      await accepted.stop();
      await link.stop();
      await ofTenant.destroy();
      await allTenants.destroy();
    },
  };
}

function watch(health: ServiceHealth, link: KafkaLink, askDatabase: () => Promise<unknown>): void {
  health.ready('log', async () =>
    (await link.endOffsets(PROVISIONING_EVENTS)).size > 0 ? null : 'the topic of events is missing',
  );
  health.ready('database', async () => {
    await askDatabase();
    return null;
  });
}
