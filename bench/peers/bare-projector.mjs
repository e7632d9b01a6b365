// The least that a projector can do once per event: inbox for repeats, one upsert, offset in the same transaction. No fold, no order, no targets.
import kafkajs from 'kafkajs';
import pg from 'pg';

const { Kafka, logLevel } = kafkajs;
const { brokers, databaseUrl, topic, startOffsets, count, chunk } = JSON.parse(process.argv[2]);
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
await client.query(`
  create schema if not exists bench;
  drop table if exists bench.inbox, bench.seat, bench.mark;
  create table bench.inbox (tenant text, source text, id text, content jsonb, primary key (tenant, source, id));
  create table bench.seat (tenant text, customer text, usr text, service text, held boolean, at timestamptz, primary key (tenant, customer, usr, service));
  create table bench.mark (part int primary key, next bigint);`);
const consumer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).consumer({
  groupId: `bare-${process.pid}`,
  minBytes: 65_536,
});
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
let seen = 0;
let startedAt = 0;

async function apply(partition, messages) {
  const rows = messages.map((message) => {
    const data = JSON.parse(message.value.toString());
    const header = (name) => message.headers[name].toString();
    return [
      header('ce_tenantid'),
      header('ce_source'),
      header('ce_id'),
      message.value.toString(),
      header('ce_subject'),
      data.userCode,
      data.serviceCode,
      header('ce_time'),
    ];
  });
  const column = (index) => rows.map((row) => row[index]);
  await client.query('begin');
  await client.query(
    'insert into bench.inbox select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) on conflict do nothing',
    [0, 1, 2, 3].map(column),
  );
  await client.query(
    `insert into bench.seat select t, c, u, s, true, a from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) as r(t, c, u, s, a)
     on conflict (tenant, customer, usr, service) do update set held = true, at = excluded.at where bench.seat.at < excluded.at`,
    [0, 4, 5, 6, 7].map(column),
  );
  await client.query('insert into bench.mark values ($1, $2) on conflict (part) do update set next = excluded.next', [
    partition,
    messages.at(-1).offset,
  ]);
  await client.query('commit');
}

const isDone = new Promise((resolve) => {
  void consumer.run({
    eachBatchAutoResolve: false,
    eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
      startedAt ||= performance.now();
      for (let at = 0; at < batch.messages.length; at += chunk) {
        const part = batch.messages.slice(at, at + chunk);
        await apply(batch.partition, part);
        resolveOffset(part.at(-1).offset);
        await heartbeat();
        seen += part.length;
      }
      if (seen >= count) resolve();
    },
  });
  for (const { partition, offset } of startOffsets) consumer.seek({ topic, partition, offset });
});
await isDone;
process.send(seen / ((performance.now() - startedAt) / 1000));
await consumer.disconnect();
await client.query('drop schema bench cascade');
await client.end();
process.exit(0);
