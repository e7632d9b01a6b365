import { TOPICS } from '@trueup/contracts';
import { startedKafka } from '@trueup/testing';
import { randomUUID } from 'node:crypto';
import kafkajs, { type Admin, type Kafka } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaLink } from './kafka-link.js';
import { createKafka } from './kafkajs-link.js';
import { silentLogger } from './link-logger.js';
import { doneWith, type LogRecord } from './log-record.js';
import { sleep, until } from './sample-records.behaviour.js';

const { Kafka: Client, logLevel, ConfigResourceTypes } = kafkajs;
const PARTITIONS = 12;
const YEAR_MS = 365 * 86_400_000;
const MINUTE_MS = 60_000;

// Each title names a loss of billing data that users of another product reported, and what must not happen here.
describe('what others lost in the log', () => {
  let link: KafkaLink;
  let client: Kafka;
  let admin: Admin;

  beforeAll(async () => {
    const { brokers } = await startedKafka();
    link = createKafka({ brokers, clientId: 'peers-losses', logger: silentLogger });
    client = new Client({ brokers, clientId: 'peers-losses', logLevel: logLevel.NOTHING });
    admin = client.admin();
    await admin.connect();
  });
  afterAll(async () => {
    await admin.disconnect();
    await link.stop();
  });

  const newTopic = async (retentionMs?: number): Promise<string> => {
    const name = `losses-${randomUUID()}`;
    await link.ensureTopics([
      { name, partitions: PARTITIONS, cleanup: 'delete', ...(retentionMs !== undefined && { retentionMs }) },
    ]);
    return name;
  };
  const readAll = async (topic: string, count: number): Promise<LogRecord[]> => {
    const seen: LogRecord[] = [];
    const consumer = link.consumer({ groupId: `losses-${randomUUID()}`, topics: [topic] });
    await consumer.run((batch) => Promise.resolve((seen.push(...batch.records), doneWith(batch))));
    await until(() => seen.length >= count);
    await consumer.stop();
    return seen;
  };

  /** All members are in one generation of the group: what comes after is not their coming together. */
  const untilStable = async (groupId: string, members: number): Promise<void> => {
    for (;;) {
      const [group] = (await admin.describeGroups([groupId])).groups;
      if (group?.state === 'Stable' && group.members.length === members) return;
      await sleep(100);
    }
  };

  it.each([
    ['one publisher', 1],
    ['four publishers', 4],
  ])(
    'KJS 1005 / PLT 326: 20 single sends at once that were all acknowledged by %s are 20 records, not 1',
    async (_, publishers) => {
      const topic = await newTopic();
      const all = Array.from({ length: publishers }, () => link.publisher());
      await Promise.all(
        Array.from({ length: 20 }, (__, n) =>
          all[n % publishers]!.publish(topic, [{ key: 'one-key', partitionBy: 'one-key', value: String(n) }]),
        ),
      );
      await Promise.all(all.map((publisher) => publisher.stop()));
      const offsets = [...(await link.endOffsets(topic)).values()].reduce((sum, offset) => sum + offset, 0n);
      const values = (await readAll(topic, 20)).map(({ value }) => Number(value));

      expect([offsets, values.toSorted((a, b) => a - b)]).toEqual([20n, Array.from({ length: 20 }, (__, n) => n)]);
    },
  );

  it('OM 5005: a record whose sender dates it a year back gets the time of its arrival, so that retention leaves it alone', async () => {
    const topic = await newTopic(MINUTE_MS);
    const producer = client.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const sentMs = Date.now();
    await producer.send({ topic, messages: [{ key: 'k', value: 'backdated', timestamp: String(sentMs - YEAR_MS) }] });
    await producer.disconnect();
    const [record] = await readAll(topic, 1);

    expect(record!.timestamp.getTime()).toBeGreaterThan(sentMs - MINUTE_MS);
  });

  it('OM 5005: every topic of the product is dated by arrival, and none that is a record deletes by the time of an event', async () => {
    const names = new Map(TOPICS.map((definition) => [definition.name, `losses-${randomUUID()}-${definition.name}`]));
    await link.ensureTopics(TOPICS.map((definition) => ({ ...definition, name: names.get(definition.name)! })));
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [...names.values()].map((name) => ({ type: ConfigResourceTypes.TOPIC, name })),
    });
    const types = resources.map(
      ({ configEntries }) => configEntries.find(({ configName }) => configName === 'message.timestamp.type')?.configValue,
    );

    expect(types).toEqual(Array.from({ length: TOPICS.length }, () => 'LogAppendTime'));
  });

  it('OM 4515: a group at rest is not rebalanced: nobody joins again, and what was read stays committed', async () => {
    const topic = await newTopic();
    const groupId = `losses-${randomUUID()}`;
    const members = Array.from({ length: 3 }, () => link.consumer({ groupId, topics: [topic] }));
    for (const member of members) await member.run((batch) => Promise.resolve(doneWith(batch)));
    await until(() => members.every((member) => member.health().isJoined));
    await untilStable(groupId, members.length);
    const joins = () => members.map((member) => member.health().joins);
    const before = joins();
    const publisher = link.publisher();
    for (let n = 0; n < 8; n++) {
      await publisher.publish(topic, [{ key: `k${n}`, partitionBy: `k${n}`, value: String(n) }]);
      await sleep(600);
    }
    await publisher.stop();
    const after = joins();
    await Promise.all(members.map((member) => member.stop()));
    const committed = [...(await link.committedOffsets(groupId, topic)).values()].reduce((sum, offset) => sum + offset, 0n);

    expect([after, committed]).toEqual([before, 8n]);
  });
});
