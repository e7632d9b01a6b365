import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { topicsOfKind } from '@trueup/contracts';
import { BatchTransport, createKafka, relayPass } from '@trueup/kafka';
import { Listener, openDatabase, outboxChannel, OutboxTable, readWatermarks } from '@trueup/persistence';
import { clock, countBatch, crashPoint, type RunningService, type ServiceContext, watchLoops, WorkLoop } from '@trueup/service';
import type { z } from 'zod';
import { ChangeReceiver } from '../accept/change-receiver.js';
import { createChangesApp } from '../accept/changes-app.js';
import type { Connector } from '../connector/connector.js';
import type { Manifest } from '../connector/manifest.js';
import { Dispatcher } from '../deliver/dispatcher.js';
import { HeldAccounts } from '../deliver/held-accounts.js';
import { OpenConnections } from '../deliver/open-connections.js';
import type { ConnectionParts } from '../deliver/open-connection.js';
import { HostGate } from '../http/host-gate.js';
import { HostGuard } from '../http/host-guard.js';
import { ledgerSchema, ledgerSchemaName } from '../ledger/ledger-schema.js';
import { PostgresLedger } from '../ledger/postgres-ledger.js';
import { SettingsReader } from '../settings/settings-reader.js';
import { checkAnswers } from './check-answers.js';
import type { connectorConfig } from './connector-config.js';
import { gaugeConnector } from './connector-gauges.js';
import { Heartbeat } from './heartbeat.js';
import { logCode } from './log-code.js';
import { listAnswers } from './list-answers.js';
import { openBudget } from './open-budget.js';
import { RequestRunner } from './request-runner.js';
import { watchConnector } from './watch-connector.js';

export type ConnectorContext = ServiceContext<z.output<z.ZodObject<typeof connectorConfig>>>;

const now = (): Date => clock.now();

/** Puts a connector's parts together and starts them; what arrives first is what the others wait for. */
export async function startConnector(
  connector: Connector,
  manifest: Manifest,
  context: ConnectorContext,
): Promise<RunningService> {
  const { config, logger, health, fail } = context;
  const kind = manifest.id;
  const schema = ledgerSchemaName(kind);
  const group = `connector-${kind}`;
  const owner = `${config.TRUEUP_REPLICA}-${randomUUID()}`;

  const database = await openDatabase({
    url: config.TRUEUP_DATABASE_URL,
    ownerUrl: config.TRUEUP_DATABASE_OWNER_URL,
    applicationName: `connector-${kind}`,
    schemas: [ledgerSchema(kind)],
    logger,
  });
  const pace = { quietMs: config.TRUEUP_GATHER_QUIET_MS, longestMs: config.TRUEUP_GATHER_LONGEST_MS };
  const ledger = new PostgresLedger(database, schema, pace);
  const { budget, rest, stop: stopBudget } = openBudget(manifest, config, logger);
  const guard = new HostGuard({ hosts: manifest.hosts, testHosts: config.TRUEUP_TEST_HOSTS });
  const gate = new HostGate({
    restMs: config.TRUEUP_BREAKER_REST_MS,
    onChange: (host, state) => logger.warn({ host, state }, 'the breaker of a host changed'),
  });
  const parts: ConnectionParts = {
    connector,
    manifest,
    guard,
    budget,
    rest,
    gate,
    logger,
    now,
    circuit: { restMs: config.TRUEUP_BREAKER_REST_MS },
  };
  const connections = new OpenConnections(parts);
  const checks = new RequestRunner(checkAnswers, { connector, parts, ledger, logger, now });
  const lists = new RequestRunner(listAnswers, { connector, parts, ledger, logger, now });
  const heartbeat = new Heartbeat(ledger, owner, logger);
  const settings = new SettingsReader({
    kind,
    apiUrl: config.TRUEUP_API_URL,
    serviceToken: config.TRUEUP_SERVICE_TOKEN,
    sharedSecrets: config.TRUEUP_SHARED_SECRETS,
    logger,
    onRead: (read) => {
      connections.keep(read);
      [checks, lists].forEach((runner) => runner.look(read));
    },
    onChanged: (changed) => {
      Promise.all(changed.map((each) => ledger.wakeConnection(each.id, now())))
        .then(() => dispatcher.wake())
        .catch((error: unknown) => logger.warn({ err: error }, 'waiting lines could not be woken; they are due tomorrow'));
    },
  });
  const isAlive = (sinceMs: number): boolean => heartbeat.isAlive(sinceMs);
  const place = { ledger, held: new HeldAccounts(), connector, settings, logger, now, isAlive, wait: (ms: number) => wait(ms) };
  const dispatcher = new Dispatcher({ place, connections, owner });

  const link = createKafka({ brokers: config.TRUEUP_KAFKA_BROKERS, clientId: owner, logger });
  await link.ensureTopics(topicsOfKind(kind));
  const publisher = link.publisher();
  const outbox = new OutboxTable(database, schema);
  const onPublished = (): void => crashPoint('connector.relay');
  const relay = new WorkLoop({ name: 'outbox', pass: relayPass({ outbox, publisher, onPublished }), logger });
  const listener = new Listener({ database, wakes: { [outboxChannel(schema)]: () => relay.wake() }, logger });
  watchLoops(health, [relay]);
  const watermarks = (topic: string) => readWatermarks(database, schema, group, topic);
  const receiver = new ChangeReceiver({ kind, group, ledger, watermarks, now, logger, onAccepted: () => dispatcher.wake() });
  const startingOffsets = (topic: string) => receiver.startingOffsets(topic);
  const onCrash = (error: Error): void => fail('the consumer has given up', error);
  const transport = new BatchTransport({ link, groupId: group, startingOffsets, onCrash, onHandled: countBatch });
  const app = await createChangesApp(kind, receiver, transport);

  await heartbeat.start();
  await settings.start();
  dispatcher.start();
  const stopWatchingClock = clock.onMove(() => dispatcher.wake());
  watchConnector({ health, transport, outbox, ledger, dispatcher, settings, database });
  gaugeConnector({ ledger, connections, gate, budget, now });
  await app.listen();
  logCode(logger, kind, 'WORKER_STARTED', { worker: owner }, 'the worker has joined');

  return {
    async stop() {
      await app.close();
      stopWatchingClock();
      await dispatcher.stop();
      await settings.stop();
      await Promise.all([checks.stop(), lists.stop()]);
      heartbeat.stop();
      await listener.stop();
      await relay.stop();
      await publisher.stop();
      await link.stop();
      connections.stop();
      await guard.stop();
      stopBudget();
      await database.destroy();
    },
  };
}
