import { startedPostgres } from '@trueup/testing';
import type { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  OutboxTable,
  WatermarkMoved,
  advanceWatermark,
  appendCommand,
  appendOutbox,
  commandDdl,
  finishCommands,
  inTransaction,
  isEnvironmentError,
  openDatabase,
  outboxDdl,
  pendingCommands,
  poolUse,
  readWatermarks,
  staysOpen,
  takeCommands,
  waitingCommands,
  watermarkDdl,
  type StoredOutboxRow,
} from './index.js';

const SCHEMA = 'spec';

class Tables1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const ddl of [...outboxDdl(SCHEMA), ...watermarkDdl(SCHEMA), ...commandDdl(SCHEMA)]) await runner.query(ddl);
    await runner.query(`create table ${SCHEMA}.day (d date, b bigint, n numeric, t timestamptz)`);
  }
  async down(): Promise<void> {}
}

const schema = { name: SCHEMA, migrations: [Tables1700000000000] };
let url: string;
let db: DataSource;

beforeAll(async () => {
  ({ url } = await startedPostgres());
  const opened = await Promise.all([1, 2, 3].map((n) => openDatabase({ url, applicationName: `spec-${n}`, schemas: [schema] })));
  db = opened[0]!;
  await Promise.all(opened.slice(1).map((other) => other.destroy()));
});
afterAll(() => db.destroy());

describe('openDatabase', () => {
  it('lets replicas that start together run each migration once', async () => {
    expect(await db.query(`select count(*)::int as n from ${SCHEMA}.migration`)).toEqual([{ n: 1 }]);
  });

  it('keeps days as text and whole numbers exact', async () => {
    await db.query(`insert into ${SCHEMA}.day values ('2026-03-29', 9007199254740993, 0.1, '2026-03-29T00:00:00Z')`);
    expect(await db.query(`select * from ${SCHEMA}.day`)).toEqual([
      { d: '2026-03-29', b: '9007199254740993', n: '0.1', t: new Date('2026-03-29T00:00:00Z') },
    ]);
  });
});

describe('poolUse', () => {
  it('tells busy from idle connections', async () => {
    const during = await db.transaction(() => Promise.resolve(poolUse(db)));
    expect(during).toMatchObject({ busy: 1, waiting: 0 });
    expect(poolUse(db)).toMatchObject({ busy: 0, waiting: 0 });
  });
});

describe('inTransaction', () => {
  it('starts again after a deadlock, and both sides end', async () => {
    await db.query(`create table ${SCHEMA}.pair (id int primary key, n int); insert into ${SCHEMA}.pair values (1, 0), (2, 0)`);
    const both = (first: number, second: number): Promise<void> =>
      inTransaction(db, async (tx) => {
        await tx.query(`update ${SCHEMA}.pair set n = n + 1 where id = $1`, [first]);
        await tx.query('select pg_sleep(0.2)');
        await tx.query(`update ${SCHEMA}.pair set n = n + 1 where id = $1`, [second]);
      });
    await Promise.all([both(1, 2), both(2, 1)]);
    expect(await db.query(`select n from ${SCHEMA}.pair order by id`)).toEqual([{ n: 2 }, { n: 2 }]);
  });
});

describe('a transaction that its process has forgotten', () => {
  const patience = 300;
  const forgetful = (): Promise<DataSource> =>
    openDatabase({ url, applicationName: 'spec-forgetful', schemas: [], idleTransactionMs: patience });

  it('is ended, so that others get its locks, and its process learns it as an error of the environment', async () => {
    const frozen = await forgetful();
    await db.query(`create table ${SCHEMA}.held (id int primary key); insert into ${SCHEMA}.held values (1)`);
    const [held, others] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const zombie = inTransaction(frozen, async (tx) => {
      await tx.query(`select 1 from ${SCHEMA}.held for update`);
      held.resolve();
      await others.promise;
      await tx.query(`delete from ${SCHEMA}.held`);
    }).catch((error: unknown) => error);
    await held.promise;
    const seen = await db.query(`select id from ${SCHEMA}.held for update`);
    others.resolve();
    const error = await zombie;
    await frozen.destroy();
    expect([seen, isEnvironmentError(error)]).toEqual([[{ id: 1 }], true]);
  });

  it('goes on however long it waits on purpose', async () => {
    const patient = await forgetful();
    const kept = inTransaction(patient, async (tx) => {
      await staysOpen(tx);
      await tx.query(`create table ${SCHEMA}.claimed (id int)`);
      await db.query('select pg_sleep($1)', [(3 * patience) / 1000]);
      return 'kept';
    });
    const result = await kept;
    await patient.destroy();
    expect(result).toBe('kept');
  });
});

describe('OutboxTable', () => {
  const row = (shard: number, key: string) => ({ topic: 't', shard, key, partitionBy: key, value: `{"k":"${key}"}` });
  const outbox = (): OutboxTable => new OutboxTable(db, SCHEMA);

  it('publishes in the order of each shard and keeps what could not be published', async () => {
    await inTransaction(db, (tx) => appendOutbox(tx, SCHEMA, [row(1, 'a'), row(0, 'b'), row(1, 'c')]));
    await expect(outbox().passShards(() => Promise.reject(new Error('broker away')))).rejects.toThrow('broker away');
    expect(await outbox().unsent()).toBe(3);
    const seen: string[] = [];
    await outbox().passShards((rows) => {
      seen.push(...rows.map((r: StoredOutboxRow) => `${r.shard}${r.key}`));
      return Promise.resolve();
    });
    expect(seen).toEqual(['0b', '1a', '1c']);
    expect(await outbox().unsent()).toBe(0);
  });

  it('lets only one replica pass a shard at a time', async () => {
    await inTransaction(db, (tx) => appendOutbox(tx, SCHEMA, [row(5, 'x')]));
    let inner: number | null = -1;
    await outbox().passShards(async () => {
      inner = await outbox().passShards(() => Promise.resolve());
    });
    expect(inner).toBeNull();
  });

  it('never loses or repeats a row under concurrent writers and relays', async () => {
    const seen: string[] = [];
    const publish = (rows: StoredOutboxRow[]): Promise<void> => {
      seen.push(...rows.map((r) => r.key));
      return Promise.resolve();
    };
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; n < 30; n++) await inTransaction(db, (tx) => appendOutbox(tx, SCHEMA, [row(n % 3, `${writer}-${n}`)]));
    };
    const relay = async (): Promise<void> => {
      for (let n = 0; n < 60; n++) await outbox().passShards(publish, 7);
    };
    await Promise.all([write(1), write(2), relay(), relay()]);
    while ((await outbox().passShards(publish)) !== 0);
    expect(seen.length).toBe(60);
    expect(new Set(seen).size).toBe(60);
  });
});

describe('advanceWatermark', () => {
  const move = (from: bigint | null, to: bigint) => ({ group: 'g', topic: 't', partition: 3, from, to });

  it('moves only from where it stands, so that one owner at a time applies records', async () => {
    await inTransaction(db, (tx) => advanceWatermark(tx, SCHEMA, move(null, 5n)));
    await inTransaction(db, (tx) => advanceWatermark(tx, SCHEMA, move(5n, 9n)));
    await expect(inTransaction(db, (tx) => advanceWatermark(tx, SCHEMA, move(5n, 11n)))).rejects.toBeInstanceOf(WatermarkMoved);
    await expect(inTransaction(db, (tx) => advanceWatermark(tx, SCHEMA, move(null, 1n)))).rejects.toBeInstanceOf(WatermarkMoved);
    expect(await readWatermarks(db, SCHEMA, 'g', 't')).toEqual(new Map([[3, 9n]]));
  });

  it('refuses to begin anywhere but at the beginning', async () => {
    const elsewhere = { ...move(4n, 8n), partition: 7 };
    await expect(inTransaction(db, (tx) => advanceWatermark(tx, SCHEMA, elsewhere))).rejects.toBeInstanceOf(WatermarkMoved);
  });
});

describe('commands', () => {
  it('are taken by one replica and come back when its transaction fails', async () => {
    await inTransaction(db, (tx) => appendCommand(tx, SCHEMA, { tenantId: 'ten_1', kind: 'k', payload: { a: 1 } }));
    const failing = inTransaction(db, async (tx) => {
      const [taken] = await takeCommands(tx, SCHEMA, 10);
      expect(taken).toMatchObject({ tenantId: 'ten_1', kind: 'k', payload: { a: 1 } });
      expect(await inTransaction(db, (other) => takeCommands(other, SCHEMA, 10))).toEqual([]);
      await finishCommands(tx, SCHEMA, [taken!.id]);
      throw new Error('crash');
    });
    await expect(failing).rejects.toThrow('crash');
    expect(await pendingCommands(db, SCHEMA)).toBe(1);
  });

  it('are counted, with the one that waits longest', async () => {
    const [oldest] = await db.query<{ id: string }[]>(`select min(id)::text as id from ${SCHEMA}.command`);
    await inTransaction(db, (tx) => appendCommand(tx, SCHEMA, { tenantId: 'ten_1', kind: 'k', payload: {} }));
    expect(await waitingCommands(db, SCHEMA)).toEqual({ count: 2, oldestId: oldest!.id });
    expect(await new OutboxTable(db, SCHEMA).waiting()).toEqual({ count: 0, oldestId: null });
  });
});
