import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Principal } from '@trueup/access';
import { PROVISIONING_EVENTS } from '@trueup/contracts';
import { type LogRecord, MemoryLog } from '@trueup/kafka';
import { createLogger } from '@trueup/service';
import { EventReceiver } from './event-receiver.js';
import { createIngestApp, type IngestAppParts } from './ingest-app.js';
import { type EventIdentity, KnownEvents } from './known-events.js';
import { type EventLimits, openEventLimiter } from './limits/open-event-limiter.js';

export const NOW = new Date('2026-03-10T12:00:00Z');
export const SINGLE = 'application/cloudevents+json';
export const BATCH = 'application/cloudevents-batch+json';
export const BINARY = 'application/json';

export const holder = (changes: Partial<Principal> = {}): Principal => ({
  tokenId: 'tok_1',
  tenantId: 'ten_1',
  label: 'events',
  scopes: new Set(['events:write']),
  reach: 'tenant',
  ...changes,
});

export interface IngestInMemory {
  app: NestFastifyApplication;
  log: MemoryLog;
  /** Tokens by their secret. */
  tokens: Map<string, Principal>;
  /** What the event store of ten_1 holds; `isAway` makes it fail. */
  store: { events: (EventIdentity & { fingerprint: string })[]; isAway: boolean };
  written(): readonly LogRecord[];
  /** What was counted as acknowledged: tenant, instant, events. */
  accepted: [string, string, number][];
}

const PLENTY: EventLimits = { eventsPerToken: 1_000_000, eventsPerTenant: 1_000_000, windowSeconds: 60 };

/** Ingest over a log in memory, with one token, "good", of the tenant ten_1. */
export async function ingestInMemory(
  limits: Partial<EventLimits> = {},
  parts: Pick<IngestAppParts, 'timeouts'> = {},
): Promise<IngestInMemory> {
  const log = new MemoryLog({ now: () => NOW });
  const tokens = new Map([['good', holder()]]);
  const store: IngestInMemory['store'] = { events: [], isAway: false };
  const accepted: IngestInMemory['accepted'] = [];
  const logger = createLogger('ingest', 'fatal');
  const receiver = new EventReceiver({
    publisher: log.publisher({ maxWaitMs: 200 }),
    knownEvents: new KnownEvents((tenantId) =>
      store.isAway ? Promise.reject(new Error('away')) : Promise.resolve(tenantId === 'ten_1' ? store.events : []),
    ),
    accepted: { add: (tenantId, at, events) => void (events > 0 && accepted.push([tenantId, at.toISOString(), events])) },
    now: () => NOW,
  });
  const { limiter } = openEventLimiter({ ...PLENTY, ...limits }, logger);
  const verify = (secret: string): Promise<Principal | null> =>
    secret === 'no-database' ? Promise.reject(new Error('away')) : Promise.resolve(tokens.get(secret) ?? null);
  const app = await createIngestApp({ receiver, limiter, logger, tokens: { verify }, ...parts });
  return { app, log, tokens, store, accepted, written: () => log.recordsOf(PROVISIONING_EVENTS) };
}

/** One call of `POST /v1/events` with the good token. */
export function send(
  { app }: Pick<IngestInMemory, 'app'>,
  payload: unknown,
  contentType = SINGLE,
  headers: Record<string, string> = {},
  url = '/v1/events',
) {
  return app.inject({
    method: 'POST',
    url,
    headers: { 'content-type': contentType, authorization: 'Bearer good', ...headers },
    payload: typeof payload === 'string' || Buffer.isBuffer(payload) ? payload : JSON.stringify(payload),
  });
}
