import type { DataSource, EntityManager } from 'typeorm';

/** A partition's next offset as one consumer group has applied it. */
export interface WatermarkMove {
  group: string;
  topic: string;
  partition: number;
  /** Where this consumer believes the watermark stands; null when it has never been set. */
  from: bigint | null;
  to: bigint;
}

/** Another member owns the partition: roll back, read the watermark again, drop what is already done. */
export class WatermarkMoved extends Error {
  constructor(move: WatermarkMove) {
    super(`the watermark of ${move.group} on ${move.topic}/${move.partition} is no longer ${move.from ?? 'unset'}`);
    this.name = 'WatermarkMoved';
  }
}

/** Statements that create the watermarks of a schema. */
export function watermarkDdl(schema: string): string[] {
  return [
    `create table "${schema}".watermark (
       consumer_group text not null, topic text not null, partition int not null, next_offset bigint not null,
       primary key (consumer_group, topic, partition))`,
  ];
}

/** Next offset per partition; a partition that was never applied is absent. */
export async function readWatermarks(
  database: DataSource | EntityManager,
  schema: string,
  group: string,
  topic: string,
): Promise<Map<number, bigint>> {
  const rows = await database.query<{ partition: number; next_offset: string }[]>(
    `select partition, next_offset from "${schema}".watermark where consumer_group = $1 and topic = $2`,
    [group, topic],
  );
  return new Map(rows.map((row) => [row.partition, BigInt(row.next_offset)]));
}

/** Moves the watermark inside the transaction that applied the records. Throws WatermarkMoved when `from` is not what is stored. */
export async function advanceWatermark(tx: EntityManager, schema: string, move: WatermarkMove): Promise<void> {
  const { group, topic, partition, from, to } = move;
  const rows = await tx.query<unknown[]>(
    `insert into "${schema}".watermark as w (consumer_group, topic, partition, next_offset)
     select $1, $2, $3::int, $5::bigint
     where $4::bigint is null
        or exists (select 1 from "${schema}".watermark where consumer_group = $1 and topic = $2 and partition = $3::int)
     on conflict (consumer_group, topic, partition) do update set next_offset = excluded.next_offset
       where w.next_offset = $4::bigint
     returning 1`,
    [group, topic, partition, from?.toString() ?? null, to.toString()],
  );
  if (rows.length === 0) throw new WatermarkMoved(move);
}
