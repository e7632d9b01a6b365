import { partitionOf, type TopicDefinition } from '@trueup/contracts';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KafkaLink } from './kafka-link.js';
import type { BatchHandler, ConsumerOptions, LogConsumer } from './log-consumer.js';
import { collect, keysOfTwoPartitions, numbered, recordsIn, sleep, until, writeInOrder } from './sample-records.behaviour.js';
import { doneWith, type OutRecord, type RecordBatch } from './log-record.js';

const PARTITIONS = 12;

/** What every log must do; run against the twin and against the broker. */
export function describeLog(which: string, open: () => Promise<KafkaLink>): void {
  describe(`the log ${which}`, () => {
    let link: KafkaLink;
    const consumers: LogConsumer[] = [];

    beforeAll(async () => void (link = await open()));
    afterAll(async () => {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      await link.stop();
    });

    const newTopic = async (): Promise<string> => {
      const topic = `behaviour-${randomUUID()}`;
      await link.ensureTopics([{ name: topic, partitions: PARTITIONS, cleanup: 'delete' }]);
      return topic;
    };
    const consume = async (topic: string, handle: BatchHandler, options: Partial<ConsumerOptions> = {}): Promise<LogConsumer> => {
      const consumer = link.consumer({ groupId: `group-${randomUUID()}`, topics: [topic], ...options });
      consumers.push(consumer);
      await consumer.run(handle);
      return consumer;
    };
    const publish = async (topic: string, records: OutRecord[]): Promise<void> => {
      const publisher = link.publisher();
      await publisher.publish(topic, records);
      await publisher.stop();
    };

    it('keeps the order of every key under 50,000 records published side by side', async () => {
      const topic = await newTopic();
      const seen = new Map<string, number>();
      let backwardSteps = 0;
      let count = 0;
      const publisher = link.publisher();
      await consume(topic, (batch) => {
        for (const record of batch.records) {
          const at = Number(record.value);
          if (at <= (seen.get(record.key!) ?? -1)) backwardSteps += 1;
          seen.set(record.key!, at);
          count += 1;
        }
        return Promise.resolve(doneWith(batch));
      });

      const writers = Array.from({ length: 50 }, (_, writer) =>
        writeInOrder(`key-${writer}`, 1_000, (records) => publisher.publish(topic, records)),
      );
      await Promise.all(writers);
      await until(() => count >= 50_000);
      await publisher.stop();

      expect({ backwardSteps, count }).toEqual({ backwardSteps: 0, count: 50_000 });
    });

    it('carries key, value, headers and a growing offset, in the partition of the prefix', async () => {
      const topic = await newTopic();
      const batches: RecordBatch[] = [];
      await consume(topic, (batch) => Promise.resolve((batches.push(batch), doneWith(batch))));

      await publish(topic, [
        { key: 'ten_1/a', partitionBy: 'ten_1', value: '{"é":1}', headers: { ce_id: 'é-1', traceparent: 't' } },
        { key: 'ten_1/b', partitionBy: 'ten_1', value: null },
      ]);
      await until(() => recordsIn(batches).length === 2);

      const [first, second] = recordsIn(batches);
      expect({ topic: batches[0]!.topic, partition: batches[0]!.partition }).toEqual({
        topic,
        partition: partitionOf(topic, 'ten_1'),
      });
      expect({ ...first, value: first!.value!.toString(), timestamp: typeof first!.timestamp.getTime() }).toEqual({
        offset: 0n,
        key: 'ten_1/a',
        value: '{"é":1}',
        headers: { ce_id: 'é-1', traceparent: 't' },
        timestamp: 'number',
      });
      expect(second).toMatchObject({ offset: 1n, key: 'ten_1/b', value: null, headers: {} });
    });

    it('hands a fetch out in batches of at most maxRecords', async () => {
      const topic = await newTopic();
      await publish(topic, numbered(25, 'k'));
      const sizes: number[] = [];
      await consume(topic, (batch) => Promise.resolve((sizes.push(batch.records.length), doneWith(batch))), { maxRecords: 10 });

      await until(() => sizes.length === 3);

      expect(sizes).toEqual([10, 10, 5]);
    });

    it('reads what was not dealt with again', async () => {
      const topic = await newTopic();
      await publish(topic, numbered(10, 'k'));
      const seen: string[] = [];
      await consume(topic, (batch) => {
        seen.push(...batch.records.map(({ value }) => String(value)));
        return Promise.resolve(seen.length === 10 ? { done: 4n } : doneWith(batch));
      });

      await until(() => seen.length >= 16);

      expect(seen.slice(10)).toEqual(['4', '5', '6', '7', '8', '9']);
    });

    it('goes on after a stop where the last outcome left off', async () => {
      const topic = await newTopic();
      const groupId = `group-${randomUUID()}`;
      const seen: string[] = [];
      const handle: BatchHandler = (batch) =>
        Promise.resolve((seen.push(...batch.records.map(({ value }) => String(value))), doneWith(batch)));
      await publish(topic, numbered(5, 'k'));
      const first = await consume(topic, handle, { groupId });
      await until(() => seen.length === 5);
      await first.stop();

      await publish(topic, [{ key: 'k', partitionBy: 'k', value: 'after' }]);
      await consume(topic, handle, { groupId });
      await until(() => seen.includes('after'));

      expect(seen).toEqual(['0', '1', '2', '3', '4', 'after']);
    });

    it('lets one partition rest until its instant while the others flow', async () => {
      const topic = await newTopic();
      const [resting, flowing] = keysOfTwoPartitions(topic);
      const startedAt = Date.now();
      const seen: { key: string; value: string; afterMs: number }[] = [];
      let rests = 0;
      await consume(topic, (batch) => {
        const record = batch.records[0]!;
        if (record.key === resting && rests++ === 0)
          return Promise.resolve({ retryAt: new Date(Date.now() + 1_500), from: record.offset });
        for (const { key, value } of batch.records)
          seen.push({ key: key!, value: String(value), afterMs: Date.now() - startedAt });
        return Promise.resolve(doneWith(batch));
      });

      await publish(topic, numbered(2, resting));
      for (let i = 0; i < 5; i++) await publish(topic, numbered(1, flowing));
      await until(() => seen.length === 7);

      expect(seen.slice(0, 5).every(({ key }) => key === flowing)).toBe(true);
      expect(seen.slice(5).map(({ value }) => value)).toEqual(['0', '1']);
      expect(seen[5]!.afterMs).toBeGreaterThanOrEqual(1_400);
    });

    it('reads a partition again after its handler threw, and the others meanwhile', async () => {
      const topic = await newTopic();
      const [poisoned, healthy] = keysOfTwoPartitions(topic);
      const seen: string[] = [];
      let failures = 0;
      await consume(topic, (batch) => {
        if (batch.records[0]!.key === poisoned && failures++ < 4) return Promise.reject(new Error('a bug'));
        seen.push(...batch.records.map(({ key }) => key!));
        return Promise.resolve(doneWith(batch));
      });

      await publish(topic, [...numbered(1, poisoned), ...numbered(3, healthy)]);
      await until(() => seen.includes(poisoned));

      expect({ seen, failures }).toEqual({ seen: [healthy, healthy, healthy, poisoned], failures: 5 });
    });

    it('begins at the starting offsets, whatever the group has committed, and at the beginning where they say nothing', async () => {
      const topic = await newTopic();
      const [known, unknown] = keysOfTwoPartitions(topic);
      const groupId = `group-${randomUUID()}`;
      await publish(topic, [...numbered(5, known), ...numbered(2, unknown)]);
      let read = 0;
      const before = await consume(topic, (batch) => Promise.resolve(((read += batch.records.length), doneWith(batch))), {
        groupId,
      });
      await until(() => read === 7);
      await before.stop();

      const seen = new Map<string, string[]>();
      await consume(topic, (batch) => Promise.resolve((collect(seen, batch), doneWith(batch))), {
        groupId,
        startingOffsets: () => Promise.resolve(new Map([[partitionOf(topic, known), 3n]])),
      });
      await until(() => (seen.get(known)?.length ?? 0) >= 2 && (seen.get(unknown)?.length ?? 0) >= 2);

      expect(Object.fromEntries(seen)).toEqual({ [known]: ['3', '4'], [unknown]: ['0', '1'] });
    });

    it('waits for starting offsets that cannot be read yet', async () => {
      const topic = await newTopic();
      await publish(topic, numbered(3, 'k'));
      const seen: string[] = [];
      let asked = 0;
      const startingOffsets = (): Promise<Map<number, bigint>> =>
        asked++ === 0 ? Promise.reject(new Error('database away')) : Promise.resolve(new Map([[partitionOf(topic, 'k'), 2n]]));
      await consume(
        topic,
        (batch) => Promise.resolve((seen.push(...batch.records.map(({ value }) => String(value))), doneWith(batch))),
        { startingOffsets },
      );

      await until(() => seen.length > 0);

      expect(seen).toEqual(['2']);
    });

    it('stops under load after the handlers under way, and hands out nothing afterwards', async () => {
      const topic = await newTopic();
      await publish(topic, numbered(2_000, 'k'));
      let running = 0;
      let handed = 0;
      const consumer = await consume(
        topic,
        async (batch) => {
          running += 1;
          handed += batch.records.length;
          await sleep(20);
          running -= 1;
          return doneWith(batch);
        },
        { maxRecords: 10 },
      );
      await until(() => handed > 50);

      await consumer.stop();
      const handedAtStop = handed;
      await sleep(300);

      expect({ running, handedAfterStop: handed - handedAtStop, isJoined: consumer.health().isJoined }).toEqual({
        running: 0,
        handedAfterStop: 0,
        isJoined: false,
      });
    });

    it('shares the partitions between two members, which together miss nothing', async () => {
      const topic = await newTopic();
      const groupId = `group-${randomUUID()}`;
      const seenBy = [new Set<string>(), new Set<string>()];
      const handlerOf =
        (member: number): BatchHandler =>
        async (batch) => {
          await sleep(5);
          for (const { value } of batch.records) seenBy[member]!.add(String(value));
          return doneWith(batch);
        };
      const publisher = link.publisher();
      await consume(topic, handlerOf(0), { groupId, maxRecords: 20 });
      const publishPart = (part: number): Promise<void> =>
        publisher.publish(
          topic,
          Array.from({ length: 1_000 }, (_, i) => ({ key: `k${i}`, partitionBy: `k${i}`, value: `${part}-${i}` })),
        );

      await publishPart(0);
      await consume(topic, handlerOf(1), { groupId, maxRecords: 20 });
      await publishPart(1);
      await publishPart(2);
      await until(() => new Set([...seenBy[0]!, ...seenBy[1]!]).size === 3_000);
      await publisher.stop();

      expect(seenBy.map((seen) => seen.size > 300)).toEqual([true, true]);
    });

    it('answers end offsets and commits', async () => {
      const topic = await newTopic();
      const groupId = `group-${randomUUID()}`;
      const partition = partitionOf(topic, 'k');
      await publish(topic, numbered(7, 'k'));
      let read = 0;
      const consumer = await consume(topic, (batch) => Promise.resolve(((read += batch.records.length), doneWith(batch))), {
        groupId,
      });
      await until(() => read === 7);
      await consumer.stop();

      const ends = await link.endOffsets(topic);

      expect({ partitions: ends.size, end: ends.get(partition) }).toEqual({ partitions: PARTITIONS, end: 7n });
      expect(await link.committedOffsets(groupId, topic)).toEqual(new Map([[partition, 7n]]));
    });

    it('refuses a definition with another partition count', async () => {
      const topic = await newTopic();
      const other: TopicDefinition = { name: topic, partitions: 3, cleanup: 'delete' };

      await expect(link.ensureTopics([other])).rejects.toThrow(`topic ${topic} has 12 partitions and must have 3`);
    });
  });
}
