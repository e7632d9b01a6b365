// The least that a projector can do once per event: inbox for repeats, one upsert, offset in the same transaction. No fold, no order, no targets.
import kafkajs from 'kafkajs';
import pg from 'pg';

const { Kafka, logLevel } = kafkajs;
const { brokers, databaseUrl, topic, chunk } = JSON.parse(process.argv[2]);
const client = new pg.Client({ connectionString: databaseUrl });
await client.connect();
const consumer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING }).consumer({
  groupId: `bare-${process.pid}-${Date.now()}`,
  minBytes: 65_536,
});
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });

const rowOf = (message) => {
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
};

async function apply(partition, messages) {
  const rows = messages.map(rowOf);
  // One key twice in a statement is an error of PostgreSQL: the last one counts.
  const last = [...new Map(rows.map((row) => [`${row[4]} ${row[5]} ${row[6]}`, row])).values()];
  const column = (index) => rows.map((row) => row[index]);
  const lastColumn = (index) => last.map((row) => row[index]);
  await client.query('begin');
  await client.query(
    'insert into bench.inbox select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) on conflict do nothing',
    [0, 1, 2, 3].map(column),
  );
  await client.query(
    `insert into bench.seat select t, c, u, s, true, a from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[]) as r(t, c, u, s, a)
     on conflict (tenant, customer, usr, service) do update set held = true, at = excluded.at where bench.seat.at < excluded.at`,
    [0, 4, 5, 6, 7].map(lastColumn),
  );
  await client.query('insert into bench.mark values ($1, $2) on conflict (part) do update set next = excluded.next', [
    partition,
    (BigInt(messages.at(-1).offset) + 1n).toString(),
  ]);
  await client.query('commit');
}

await consumer.run({
  eachBatchAutoResolve: false,
  eachBatch: async ({ batch, resolveOffset, heartbeat }) => {
    for (let at = 0; at < batch.messages.length; at += chunk) {
      const part = batch.messages.slice(at, at + chunk);
      await apply(batch.partition, part);
      resolveOffset(part.at(-1).offset);
      await heartbeat();
    }
  },
});
process.on('SIGTERM', () => process.exit(0));
