import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import {
  OUTCOMES,
  previewRequestsTopic,
  quantityChangesTopic,
  TOPICS,
  type Outcome,
  type QuantityChange,
} from '@trueup/contracts';
import { createKafka, type KafkaLink, type LogConsumer, type LogPublisher } from '@trueup/kafka';
import { AdminServer, createLogger, Secret, ServiceHealth, type RunningService } from '@trueup/service';
import { startedKafka, startedPostgres, startedRedis } from '@trueup/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connector } from '../connector/connector.js';
import { MemoryLedger } from '../ledger/memory-ledger.js';
import { Bench } from '../testing/bench.js';
import { PACE } from '../testing/ledger-under-test.js';
import { scriptedConnector, scriptedManifest } from '../testing/scripted-connector.js';
import { ScriptedPsa } from '../testing/scripted-psa.js';
import { startConnector, type ConnectorContext } from './start-connector.js';

const connectionId = `con_${process.pid}_${Math.floor(performance.now())}`;
const psa = new ScriptedPsa();
const health = new ServiceHealth();
const outcomes: Outcome[] = [];
const told: Record<string, unknown>[] = [];
let bench: Bench;
let api: Server;
let link: KafkaLink;
let publisher: LogPublisher;
let reader: LogConsumer;
let config: ConnectorContext['config'];
let service: RunningService;

beforeAll(async () => {
  const [{ brokers }, { url }, redis] = await Promise.all([startedKafka(), startedPostgres(), startedRedis(), psa.start()]);
  bench = new Bench({
    ledger: new MemoryLedger(PACE),
    connector: scriptedConnector as Connector,
    manifest: scriptedManifest,
    baseUrl: psa.url,
    secrets: {},
    connectionId,
  });
  api = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ asOf: new Date(0).toISOString(), connections: [bench.connection] }));
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  config = {
    TRUEUP_KAFKA_BROKERS: brokers,
    TRUEUP_DATABASE_URL: url,
    ...(redis !== null && { TRUEUP_REDIS_URL: redis.url }),
    TRUEUP_API_URL: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    TRUEUP_SERVICE_TOKEN: new Secret('t'),
    TRUEUP_REPLICA: 0,
    TRUEUP_REPLICAS: 1,
    TRUEUP_TEST_HOSTS: ['127.0.0.1'],
    TRUEUP_SHARED_SECRETS: { key: 'k' },
    TRUEUP_GATHER_QUIET_MS: 250,
    TRUEUP_GATHER_LONGEST_MS: 1_000,
    TRUEUP_BREAKER_REST_MS: 1_000,
  };
  link = createKafka({ brokers, clientId: 'spec', logger: createLogger('spec', 'fatal') });
  await link.ensureTopics(TOPICS);
  publisher = link.publisher();
  service = await start();
  reader = link.consumer({ groupId: `spec-${connectionId}`, topics: [OUTCOMES], startingOffsets: async () => new Map() });
  await reader.run(async (batch) => {
    const read = batch.records.map((record) => JSON.parse(record.value!.toString()) as Outcome);
    outcomes.push(...read.filter((outcome) => outcome.connectionId === connectionId));
    return { done: batch.records.at(-1)!.offset + 1n };
  });
});
afterAll(async () => {
  await service.stop();
  await reader.stop();
  await publisher.stop();
  await link.stop();
  await bench.stop();
  await psa.stop();
  await new Promise<void>((resolve) => api.close(() => resolve()));
});

function start(): Promise<RunningService> {
  const fail = (reason: string, error?: unknown): void => {
    throw new Error(reason, { cause: error });
  };
  const logger = createLogger('connector', 'fatal');
  logger.info = (fields: object) => void told.push(fields as Record<string, unknown>);
  const context = { name: 'connector-scripted', config, logger, health, fail };
  return startConnector(scriptedConnector as Connector, scriptedManifest, context as unknown as ConnectorContext);
}

async function publish(change: QuantityChange, topic = quantityChangesTopic('scripted')): Promise<void> {
  const partitionBy = `${connectionId}/${change.account.billingIdentifier}`;
  const key = `${connectionId}/${change.agreementLineKey}`;
  await publisher.publish(topic, [{ key, partitionBy, value: JSON.stringify(change) }]);
}

async function outcomeOf(version: number, key = 'al_1'): Promise<Outcome> {
  for (let i = 0; i < 300; i++) {
    const found = outcomes.findLast(
      (each) => each.version === version && each.agreementLineKey === key && each.kind !== 'deferred',
    );
    if (found !== undefined) return found;
    await wait(50);
  }
  throw new Error(`no outcome of version ${version}; got ${JSON.stringify(outcomes)}`);
}

describe('a connector process on the real broker and database', () => {
  it('says that it has started to work, as a code', () => {
    expect(told).toContainEqual({ code: 'WORKER_STARTED', owner: 'sre', worker: expect.any(String) });
  });

  it('delivers a change and publishes its outcome', async () => {
    await publish(bench.change(1, '3'));
    expect(await outcomeOf(1)).toMatchObject({ kind: 'delivered', code: 'LINE_UPDATED' });
    expect(psa.effects).toEqual([{ id: 'line-1', date: '2026-07-01', delta: '3' }]);
  });

  it('answers previews from their own topic without writing', async () => {
    await publish(bench.change(2, '4'), previewRequestsTopic('scripted'));
    expect(await outcomeOf(2)).toMatchObject({ kind: 'planned', isPreview: true });
    expect(psa.effects).toHaveLength(1);
  });

  it('writes ten changes of one second as one or two writes', async () => {
    const before = psa.effects.length;
    for (let version = 3; version <= 12; version++) {
      await publish(bench.change(version, String(version)));
      await wait(80);
    }
    expect(await outcomeOf(12)).toMatchObject({ kind: 'delivered' });
    expect(psa.effects.length - before).toBeLessThanOrEqual(2);
    expect(outcomes.filter((each) => each.kind === 'superseded').length).toBeGreaterThanOrEqual(8);
  });

  it('quarantines a record that is no change, and its neighbours flow', async () => {
    await publisher.publish(quantityChangesTopic('scripted'), [
      { key: `${connectionId}/al_1`, partitionBy: `${connectionId}/acc-1`, value: '{"no":"change"}' },
    ]);
    await publish(bench.change(13, '20'));
    expect(await outcomeOf(13)).toMatchObject({ kind: 'delivered' });
  });

  it('goes on after a restart with what arrived meanwhile', async () => {
    await service.stop();
    await publish(bench.change(14, '21'));
    service = await start();
    expect(await outcomeOf(14)).toMatchObject({ kind: 'delivered' });
  });

  it('answers a requested check once', async () => {
    bench.connection = { ...bench.connection, checkRequested: 1 };
    await wait(2_500);
    expect(outcomes.filter((each) => each.kind === 'checked')).toMatchObject([{ checkRequested: 1, agreementLineKey: '' }]);
  });

  it('answers a request for the accounts and products once, over the log', async () => {
    bench.connection = { ...bench.connection, listRequested: 1 };
    await wait(2_500);
    const listed = outcomes.filter((each) => each.kind === 'listed');
    expect(listed).toMatchObject([
      { listRequested: 1, list: { accounts: [{ ref: 'acc-1', name: 'Account one' }], products: [] } },
    ]);
  });

  describe('seen by who operates it', () => {
    let server: AdminServer;
    let admin: string;
    beforeAll(async () => {
      server = new AdminServer({ host: '127.0.0.1', port: 0, health, isClockMovable: false });
      admin = `http://127.0.0.1:${await server.start()}`;
    });
    afterAll(() => server.stop());
    const ask = async (path: string) => (await fetch(`${admin}${path}`)).text();
    const ours = `connection="${connectionId}"`;

    it('counts calls, writes and outcomes of a connection', async () => {
      const text = await ask('/metrics');
      const valueOf = (name: string, more: string): number =>
        Number(new RegExp(`^trueup_connector_${name}\\{${ours},${more}\\} (\\d+)`, 'm').exec(text)?.[1]);
      expect(valueOf('psa_calls_total', 'access="write",class="ok"')).toBe(psa.effects.length);
      expect(valueOf('writes_total', 'state="intent"')).toBe(psa.effects.length);
      expect(valueOf('writes_total', 'state="confirmed"')).toBe(psa.effects.length);
      expect(valueOf('psa_calls_total', 'access="read",class="ok"')).toBe(psa.calls.filter((call) => call === 'read').length);
      expect(valueOf('outcomes_total', 'kind="planned"')).toBe(1);
      expect(text).toMatch(
        new RegExp(`^trueup_connector_psa_call_seconds_count\\{${ours},access="write"\\} ${psa.effects.length}`, 'm'),
      );
    });

    it('shows its breaker, the host, its lag, and that nothing waits', async () => {
      const text = await ask('/metrics');
      expect(text).toContain(`trueup_connector_breaker_state{${ours}} 0`);
      expect(text).toContain(`trueup_connector_host_breaker_open{host="${new URL(psa.url).host}"} 0`);
      expect(text).toMatch(/^trueup_kafka_lag_messages\{topic="psa.scripted.quantity-changes.v1",partition="\d+"\} 0$/m);
      expect(text).not.toContain(`trueup_connector_unsettled_writes{${ours}}`);
      expect(text).not.toContain(`trueup_connector_due_lines{${ours}`);
    });

    it('shows what waits while a secret is missing, and for what', async () => {
      bench.connection = { ...bench.connection, epoch: 2, secrets: { key: '' } };
      await publish(bench.change(15, '30'));
      await wait(2_500);
      const text = await ask('/metrics');
      expect(text).toContain(`trueup_connector_due_lines{${ours},waits_on="settings"} 1`);
      bench.connection = { ...bench.connection, epoch: 3, secrets: { key: 'k' } };
      await publish(bench.change(16, '30'));
      expect(await outcomeOf(16)).toMatchObject({ kind: 'delivered' });
    });

    it('labels no metric with a line, an account or a user', async () => {
      expect(await ask('/metrics')).not.toMatch(/al_1|acc-1|line-1/);
    });

    it('is alive', async () => {
      expect(await ask('/healthz')).toBe('{"status":"ok"}');
    });
  });

  it('has nothing in flight when all is delivered', async () => {
    await wait(500);
    expect(await health.underWay()).toEqual([]);
  });
});
