import { Redis } from 'ioredis';
import kafkajs from 'kafkajs';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { startedKafka, startedPostgres, startedRedis } from './index.js';

describe('the test harness', { timeout: 120_000 }, () => {
  it('hands out a fresh PostgreSQL database on every call', async () => {
    const [first, second] = [await startedPostgres(), await startedPostgres()];
    await query(first.url, 'create table only_here (id int)');

    const found = await query(second.url, `select to_regclass('only_here') as found`);

    expect(found).toEqual([{ found: null }]);
  });

  it('keeps PostgreSQL durable', async () => {
    const { url } = await startedPostgres();

    expect(await query(url, 'show fsync')).toEqual([{ fsync: 'on' }]);
  });

  it('hands out a broker that keeps what is written', async () => {
    const { brokers } = await startedKafka();
    const kafka = new kafkajs.Kafka({ brokers, logLevel: kafkajs.logLevel.NOTHING });
    const topic = `harness-${Date.now()}`;
    const admin = kafka.admin();
    const producer = kafka.producer();
    await Promise.all([admin.connect(), producer.connect()]);
    await admin.createTopics({ topics: [{ topic, numPartitions: 1 }], waitForLeaders: true });
    await producer.send({ topic, acks: -1, messages: [{ value: 'one' }] });

    const offsets = await admin.fetchTopicOffsets(topic);

    await Promise.all([admin.disconnect(), producer.disconnect()]);
    expect(offsets).toMatchObject([{ partition: 0, high: '1' }]);
  });

  it('hands out the same broker to every caller', async () => {
    expect(await startedKafka()).toEqual(await startedKafka());
  });

  it('hands out a Redis of 6.2 or later where one can be had', async () => {
    const redis = await startedRedis();

    expect(redis === null ? '6.2, had there been one' : await redisVersion(redis.url)).toMatch(/^(6\.[2-9]|[789]\.)/);
  });
});

async function redisVersion(url: string): Promise<string> {
  const client = new Redis(url);
  const info = await client.info('server');
  client.disconnect();
  return /redis_version:(\S+)/.exec(info)?.[1] ?? info;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}
