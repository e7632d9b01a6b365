import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import kafkajs from 'kafkajs';
import { PROVISIONING_EVENTS, TOPICS } from '@trueup/contracts';
import { createKafka, silentLogger } from '@trueup/kafka';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openHome } from '../home/runtime-home.js';
import { PortChooser } from '../network/free-port.js';
import { ProcessJournal } from '../processes/process-journal.js';
import { SupervisedProcess } from '../services/supervised-process.js';
import { infrastructureProcesses } from './infrastructure-processes.js';
import { kafkaCluster } from './kafka-cluster.js';

const topic = PROVISIONING_EVENTS;

describe('three brokers', { timeout: 120_000 }, () => {
  const root = mkdtempSync(join(tmpdir(), 'trueup-spec-'));
  let brokers: SupervisedProcess[];
  let addresses: string[];
  let client: kafkajs.Kafka;

  beforeAll(async () => {
    const chooser = new PortChooser(() => undefined);
    const port = (): Promise<number> => chooser.chooseSilently(36_000 + Math.floor(Math.random() * 4_000));
    const nodes = [0, 1, 2].map(async () => ({ broker: await port(), controller: await port() }));
    const ports = { kafka: await Promise.all(nodes), postgres: await port(), redis: await port() };
    const home = openHome({ ...process.env, TRUEUP_HOME: root });
    const { clusterId } = kafkaCluster(root, 3);
    const plan = { ports, clusterId, kafkaListeners: [], databasePassword: '' };
    const context = { home, journal: new ProcessJournal(root), redisCommand: null };
    const watcher = { isStopping: false, onChange: () => undefined, say: () => undefined };
    brokers = infrastructureProcesses(plan, context, watcher).filter(({ service }) => service === 'kafka');
    await Promise.all(brokers.map((broker) => broker.start()));
    addresses = ports.kafka.map(({ broker }) => `127.0.0.1:${broker}`);
    client = new kafkajs.Kafka({ brokers: addresses, logLevel: kafkajs.logLevel.NOTHING });
    const kafka = createKafka({ brokers: addresses, clientId: 'spec', logger: silentLogger });
    await kafka.ensureTopics(TOPICS);
    await kafka.stop();
  });
  afterAll(async () => {
    await Promise.all(brokers.map((broker) => broker.stop()));
    rmSync(root, { recursive: true });
  });

  it("keep every one of the product's partitions three times, two of which must have a record", async () => {
    const admin = client.admin();
    await admin.connect();
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const resource = { type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configNames: ['min.insync.replicas'] };
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [resource] });
    await admin.disconnect();

    expect(topics[0]!.partitions.map(({ replicas }) => replicas.length)).toEqual(Array.from({ length: 12 }, () => 3));
    expect(resources[0]!.configEntries[0]).toMatchObject({ configName: 'min.insync.replicas', configValue: '2' });
  });

  it('take records while one of them is dead, and none while two are', async () => {
    const producer = client.producer({ retry: { retries: 10, initialRetryTime: 300 } });
    await producer.connect();
    const send = (): Promise<unknown> => producer.send({ topic, acks: -1, messages: [{ partition: 0, value: 'x' }] });
    await send();

    brokers[1]!.signal('SIGKILL');
    await brokers[1]!.whenDown(5_000);
    await expect(send()).resolves.toBeDefined();

    brokers[2]!.signal('SIGKILL');
    await brokers[2]!.whenDown(5_000);
    const hasRefused = await Promise.race([
      send().then(
        () => false,
        () => true,
      ),
      new Promise((go) => setTimeout(() => go(true), 5_000)),
    ]);
    await Promise.all([brokers[1]!.restart(), brokers[2]!.restart()]);
    await expect(send()).resolves.toBeDefined();
    await producer.disconnect();
    expect(hasRefused).toBe(true);
  });
});
