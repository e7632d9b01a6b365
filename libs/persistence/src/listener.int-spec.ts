import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  Listener,
  appendCommand,
  appendOutbox,
  commandChannel,
  commandDdl,
  openDatabase,
  outboxChannel,
  outboxDdl,
} from './index.js';

const SCHEMA = 'listener_spec';
const logger = { info: () => undefined, warn: () => undefined };
const row = { topic: 't', shard: 0, key: 'k', partitionBy: 'k', value: '1' };
const command = { tenantId: 'ten_1', kind: 'k', payload: {} };

let db: DataSource;
let listener: Listener;
let woken = { commands: 0, outbox: 0 };

beforeAll(async () => {
  const { url } = await startedPostgres();
  db = await openDatabase({ url, applicationName: SCHEMA, schemas: [] });
  await db.query(`create schema "${SCHEMA}"`);
  for (const ddl of [...outboxDdl(SCHEMA), ...commandDdl(SCHEMA)]) await db.query(ddl);
  const wakes = {
    [commandChannel(SCHEMA)]: () => void (woken.commands += 1),
    [outboxChannel(SCHEMA)]: () => void (woken.outbox += 1),
  };
  listener = new Listener({ database: db, wakes, logger });
  await vi.waitFor(() => expect(woken).toEqual({ commands: 1, outbox: 1 }), 10_000); // by the connect itself
});
beforeEach(() => {
  woken = { commands: 0, outbox: 0 };
});
afterAll(async () => {
  await listener.stop();
  await db.destroy();
});

const listening = () =>
  db.query<{ pid: number }[]>(`select pid from pg_stat_activity where application_name = $1`, [`${SCHEMA} listener`]);

describe('Listener', () => {
  it('wakes by what a transaction committed, once for all its rows', async () => {
    await db.transaction(async (tx) => {
      await appendOutbox(tx, SCHEMA, [row, row]);
      await appendOutbox(tx, SCHEMA, [row]);
      await appendCommand(tx, SCHEMA, command);
    });
    await expect.poll(() => woken).toEqual({ commands: 1, outbox: 1 });
    await db.transaction((tx) => appendOutbox(tx, SCHEMA, [row]));
    await expect.poll(() => woken).toEqual({ commands: 1, outbox: 2 });
  });

  it('is not woken by what was rolled back', async () => {
    const failing = db.transaction(async (tx) => {
      await appendOutbox(tx, SCHEMA, [row]);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await db.transaction((tx) => appendCommand(tx, SCHEMA, command));
    await expect.poll(() => woken.commands).toBe(1);
    expect(woken.outbox).toBe(0);
  });

  it('connects again after its connection was ended, and wakes everybody for what was said meanwhile', async () => {
    const [before] = await listening();
    await db.query('select pg_terminate_backend($1)', [before!.pid]);
    await expect.poll(() => woken, { timeout: 10_000 }).toEqual({ commands: 1, outbox: 1 });
    await db.transaction((tx) => appendOutbox(tx, SCHEMA, [row]));
    await expect.poll(() => woken.outbox).toBe(2);
    expect((await listening()).map(({ pid }) => pid)).not.toContain(before!.pid);
  });
});
