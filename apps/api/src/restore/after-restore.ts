import { resendTargets } from '@trueup/billing';
import { LINE_TARGETS, OUTCOMES, previewRequestsTopic, PSA_KINDS, quantityChangesTopic } from '@trueup/contracts';
import { raiseEpoch } from '@trueup/control';
import type { KafkaLink } from '@trueup/kafka';
import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';

/** Who reads what from the log, besides the events themselves. */
interface Reader {
  schema: string;
  group: string;
  topics: readonly string[];
}

const READERS: readonly Reader[] = [
  { schema: 'control', group: 'change-control', topics: [LINE_TARGETS, OUTCOMES] },
  ...PSA_KINDS.map((kind) => ({
    schema: `connector_${kind}`,
    group: `connector-${kind}`,
    topics: [quantityChangesTopic(kind), previewRequestsTopic(kind)],
  })),
];

export interface AfterRestoreReport {
  /** Records that nobody reads any more: what the forgotten time had decided. */
  skipped: number;
  lines: number;
  connections: number;
}

/**
 * Makes a restored database agree with a log that is further on. Everything that was decided after the restore point is left unread (the
 * same versions will be given again, and readers drop a version that they know), and everything that is known is sent anew. The events
 * stay: what they said since is applied again. No service may run meanwhile. Can be repeated.
 */
export async function afterRestore(database: DataSource, log: KafkaLink, now: () => Date): Promise<AfterRestoreReport> {
  let skipped = 0;
  for (const reader of READERS) for (const topic of reader.topics) skipped += await skipToEnd(database, log, reader, topic);
  const lines = await resendTargets(database, now);
  return { skipped, lines, connections: await raiseAll(database) };
}

async function skipToEnd(database: DataSource, log: KafkaLink, { schema, group }: Reader, topic: string): Promise<number> {
  const [table] = await database.query<{ isThere: boolean }[]>('select to_regclass($1) is not null as "isThere"', [
    `"${schema}".watermark`,
  ]);
  if (!table!.isThere) return 0; // a kind of PSA that nobody runs
  let skipped = 0n;
  for (const [partition, end] of await log.endOffsets(topic)) {
    const rows = await database.query<{ before: string }[]>(
      `with old as (select next_offset from "${schema}".watermark where consumer_group = $1 and topic = $2 and partition = $3::int),
       moved as (
         insert into "${schema}".watermark (consumer_group, topic, partition, next_offset) values ($1, $2, $3::int, $4::bigint)
         on conflict (consumer_group, topic, partition) do update set next_offset = excluded.next_offset)
       select coalesce((select next_offset from old), 0) as before`,
      [group, topic, partition, String(end)],
    );
    skipped += end - BigInt(rows[0]!.before);
  }
  return Number(skipped);
}

/** Changes that were on their way when the copy was made are released again. */
async function raiseAll(database: DataSource): Promise<number> {
  const connections = await database.query<{ id: string; tenantId: string }[]>(
    'select id, tenant_id as "tenantId" from control.connection order by id',
  );
  for (const { id, tenantId } of connections) {
    await inTransaction(database, (tx) => raiseEpoch(tx, tenantId, id, 'restored'));
  }
  return connections.length;
}
