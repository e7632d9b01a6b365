import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { Kafka, logLevel } from 'kafkajs';
import { inDatabase } from './in-database.js';
import type { Runtime } from './runtime.js';

/** Something that the product wrote down, and where. */
export interface Kept {
  place: string;
  bytes: Buffer;
}

/** Everything that the running product has written down: logs, all rows of all tables, all records of all topics, Redis, metrics. */
export async function everythingKept(runtime: Runtime): Promise<Kept[]> {
  const { databaseUrl, redisUrl, kafkaBrokers } = runtime.endpoints;
  const [tables, topics, keys, shown] = await Promise.all([
    inTables(databaseUrl),
    inTopics(kafkaBrokers),
    redisUrl === null ? [] : inRedis(redisUrl),
    inMetrics(runtime),
  ]);
  return [...inLogs(runtime), ...tables, ...topics, ...keys, ...shown];
}

function inLogs({ home }: Runtime): Kept[] {
  const folder = join(home, 'logs');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => ({ place: `log ${file.name}`, bytes: readFileSync(join(file.parentPath, file.name)) }));
}

/** Rows as Postgres writes them in a dump: bytes as hexadecimal, documents as text. */
async function inTables(url: string): Promise<Kept[]> {
  return inDatabase(url, async (client) => {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where c.relkind in ('r', 'm') and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1`,
    );
    const kept: Kept[] = [];
    for (const { name } of tables) {
      const { rows } = await client.query<{ text: string }>(`select t::text as text from ${name} t`);
      kept.push({ place: `table ${name}`, bytes: Buffer.from(rows.map(({ text }) => text).join('\n')) });
    }
    return kept;
  });
}

async function inTopics(brokers: string): Promise<Kept[]> {
  const kafka = new Kafka({ clientId: 'everything-kept', brokers: brokers.split(','), logLevel: logLevel.NOTHING });
  const admin = kafka.admin();
  await admin.connect();
  const topics = (await admin.listTopics()).filter((topic) => !topic.startsWith('__'));
  const left = new Map<string, bigint>();
  for (const topic of topics)
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic))
      if (BigInt(high) > BigInt(low)) left.set(`${topic}/${partition}`, BigInt(high) - 1n);
  await admin.disconnect();
  return readTo(kafka, topics, left);
}

async function readTo(kafka: Kafka, topics: string[], left: Map<string, bigint>): Promise<Kept[]> {
  const kept: Kept[] = [];
  const consumer = kafka.consumer({ groupId: `everything-kept-${crypto.randomUUID()}` });
  await consumer.connect();
  await consumer.subscribe({ topics, fromBeginning: true });
  await new Promise<void>((resolve, reject) => {
    if (left.size === 0) resolve();
    const eachMessage = async (each: { topic: string; partition: number; message: unknown }): Promise<void> => {
      const { offset, key, value, headers } = each.message as { offset: string; key?: Buffer; value?: Buffer; headers?: object };
      const head = Buffer.from(JSON.stringify({ headers: textsOf(headers) }));
      kept.push({ place: `topic ${each.topic}`, bytes: Buffer.concat([head, key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)]) });
      const at = `${each.topic}/${each.partition}`;
      if (BigInt(offset) >= (left.get(at) ?? -1n)) left.delete(at);
      if (left.size === 0) resolve();
    };
    consumer.run({ eachMessage }).catch(reject);
  });
  await consumer.disconnect();
  return kept;
}

const textsOf = (headers: object = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

async function inRedis(url: string): Promise<Kept[]> {
  const redis = new Redis(url);
  try {
    const keys = await redis.keys('*');
    const dumps = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    return keys.map((key, index) => ({
      place: `redis ${key}`,
      bytes: Buffer.concat([Buffer.from(key), dumps[index] ?? Buffer.alloc(0)]),
    }));
  } finally {
    redis.disconnect();
  }
}

async function inMetrics({ endpoints }: Runtime): Promise<Kept[]> {
  const asked = Object.entries(endpoints.adminPorts).flatMap(([service, ports]) =>
    ports.map(async (port) => ({
      place: `metrics of ${service}`,
      bytes: Buffer.from(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
    })),
  );
  return Promise.all(asked);
}
