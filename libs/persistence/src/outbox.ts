import type { DataSource, EntityManager } from 'typeorm';
import { type WaitingRows, waitingRowsOf } from './waiting-rows.js';

/** A record to publish, written in the transaction that decided it. `shard` is the output partition. */
export interface OutboxRow {
  topic: string;
  shard: number;
  key: string;
  partitionBy: string;
  value: string | null;
  headers?: Record<string, string>;
}

export interface StoredOutboxRow extends OutboxRow {
  id: string;
  headers: Record<string, string>;
}

const LOCK_SPACE = 0x6f62;
const DEFAULT_LIMIT = 1000;

/** Statements that create the outbox of a schema. */
export function outboxDdl(schema: string): string[] {
  return [
    `create table "${schema}".outbox (
       shard int not null, id bigint generated always as identity, topic text not null, key text not null,
       partition_by text not null, value text, headers jsonb not null default '{}', primary key (shard, id))`,
  ];
}

/** The channel on which a commit says that rows wait. */
export const outboxChannel = (schema: string): string => `${schema}_outbox`;

/** Adds records in the order given and wakes the relays on commit. Per key that is publishing order, because their writer holds the row lock of the key's owner. */
export async function appendOutbox(tx: EntityManager, schema: string, rows: readonly OutboxRow[]): Promise<void> {
  if (rows.length === 0) return;
  const column = <T>(pick: (row: OutboxRow) => T): T[] => rows.map(pick);
  // One statement, so that the wake-up costs no round trip.
  await tx.query(
    `with added as (
       insert into "${schema}".outbox (shard, topic, key, partition_by, value, headers)
       select r.shard, r.topic, r.key, r.partition_by, r.value, r.headers::jsonb
       from unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
         with ordinality as r(shard, topic, key, partition_by, value, headers, position)
       order by r.position)
     select pg_notify($7, '')`,
    [
      column((row) => row.shard),
      column((row) => row.topic),
      column((row) => row.key),
      column((row) => row.partitionBy),
      column((row) => row.value),
      column((row) => JSON.stringify(row.headers ?? {})),
      outboxChannel(schema),
    ],
  );
}

/** The reading side of an outbox; one relay loop drives it. */
export class OutboxTable {
  constructor(
    private readonly database: DataSource,
    readonly schema: string,
  ) {}

  /**
   * One pass: takes the shards that no other replica is passing, publishes their oldest rows in (shard, id) order, deletes them, commits.
   * A crash between publishing and committing publishes them again; readers drop the repeat by version. Returns the number passed;
   * null when there are rows, but other replicas were passing their shards.
   */
  async passShards(publish: (rows: StoredOutboxRow[]) => Promise<void>, limit = DEFAULT_LIMIT): Promise<number | null> {
    if (!(await this.hasRows())) return 0;
    return this.database.transaction(async (tx) => {
      const shards = await this.lockFreeShards(tx);
      const rows = shards.length === 0 ? [] : await this.oldest(tx, shards, limit);
      if (rows.length === 0) return null;
      await publish(rows);
      await this.remove(tx, rows);
      return rows.length;
    });
  }

  /** Rows that are not published yet. */
  async unsent(): Promise<number> {
    const [row] = await this.database.query<{ count: string }[]>(`select count(*) from "${this.schema}".outbox`);
    return Number(row?.count ?? 0);
  }

  /** How many wait, and which has waited longest. */
  waiting(): Promise<WaitingRows> {
    return waitingRowsOf(this.database, this.schema, 'outbox');
  }

  private async hasRows(): Promise<boolean> {
    const rows = await this.database.query<unknown[]>(`select 1 from "${this.schema}".outbox limit 1`);
    return rows.length > 0;
  }

  private async lockFreeShards(tx: EntityManager): Promise<number[]> {
    const rows = await tx.query<{ shard: number }[]>(
      `select shard from (select distinct shard from "${this.schema}".outbox order by shard) s
       where pg_try_advisory_xact_lock($1, hashtext($2 || ':' || s.shard))`,
      [LOCK_SPACE, this.schema],
    );
    return rows.map((row) => row.shard);
  }

  private oldest(tx: EntityManager, shards: number[], limit: number): Promise<StoredOutboxRow[]> {
    return tx.query(
      `select shard, id, topic, key, partition_by as "partitionBy", value, headers
       from "${this.schema}".outbox where shard = any($1::int[]) order by shard, id limit $2`,
      [shards, limit],
    );
  }

  private async remove(tx: EntityManager, rows: readonly StoredOutboxRow[]): Promise<void> {
    await tx.query(
      `delete from "${this.schema}".outbox o using unnest($1::int[], $2::bigint[]) as r(shard, id)
       where o.shard = r.shard and o.id = r.id`,
      [rows.map((row) => row.shard), rows.map((row) => row.id)],
    );
  }
}
