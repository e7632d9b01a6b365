import { inTransaction, openDatabase, takeCommands } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createConnection, patchConnection, removeConnection } from './connections/change-connection.js';
import { findCheckAnswer, recordCheckAnswer, requestCheck, suspendConnection } from './connections/connection-check.js';
import { connectionsOfKind, findConnection, listConnections } from './connections/find-connections.js';
import { raiseEpoch } from './connections/raise-epoch.js';
import { setConnectionMode } from './connections/set-connection-mode.js';
import type { StoredConnection } from './connections/stored-connection.js';
import { controlSchema } from './control-schema.js';
import {
  customerMappingsOf,
  deleteCustomerMappings,
  listCustomerMappings,
  putCustomerMappings,
} from './mappings/customer-mappings.js';
import {
  deleteProductMappings,
  listProductMappings,
  productMappingsOf,
  putProductMappings,
} from './mappings/product-mappings.js';

const at = new Date('2026-11-23T10:00:00Z');
let database: DataSource;
let tenantId: string;
let tenantCount = 0;

beforeAll(async () => {
  const { url } = await startedPostgres();
  database = await openDatabase({ url, applicationName: 'control settings spec', schemas: [controlSchema] });
});
afterAll(() => database.destroy());
beforeEach(() => {
  tenantId = `ten_${++tenantCount}`;
});

async function created(settings: unknown = {}): Promise<StoredConnection> {
  const change = await inTransaction(database, (tx) =>
    createConnection(tx, tenantId, { kind: 'autotask', label: 'Main', baseUrl: 'https://psa.example', settings }, at),
  );
  if ('errors' in change) throw new Error(JSON.stringify(change.errors));
  return change.connection;
}

async function commandKinds(): Promise<string[]> {
  const commands = await inTransaction(database, (tx) => takeCommands(tx, 'control', 1000));
  return commands.filter((command) => command.tenantId === tenantId).map((command) => command.kind);
}

describe('connections', () => {
  it('begin in observe with the defaults of every setting', async () => {
    const connection = await created();
    expect(connection).toMatchObject({
      mode: 'observe',
      epoch: 1,
      state: 'ready',
      settings: { prorate: false, onDrift: 'hold' },
    });
    expect(await listConnections(database, tenantId)).toEqual([connection]);
    expect((await connectionsOfKind(database, 'autotask')).map((one) => one.id)).toContain(connection.id);
  });

  it('refuse settings that nobody knows, with their pointers', async () => {
    const change = await inTransaction(database, (tx) =>
      createConnection(tx, tenantId, { kind: 'autotask', label: 'Main', settings: { proRate: true, onDrift: 'shrug' } }, at),
    );
    expect('errors' in change && change.errors.map((error) => error.pointer).sort()).toEqual([
      '/settings/onDrift',
      '/settings/proRate',
    ]);
  });

  it('refuse a count of the period together with prorating', async () => {
    const change = await inTransaction(database, (tx) =>
      createConnection(tx, tenantId, { kind: 'autotask', label: 'Main', settings: { prorate: true, counting: 'peak' } }, at),
    );
    expect(change).toMatchObject({ errors: [{ pointer: '/settings/counting' }] });
  });

  it('raise the epoch for a new host, and decide again for new settings', async () => {
    const { id } = await created();
    const patched = await inTransaction(database, (tx) =>
      patchConnection(tx, tenantId, id, { baseUrl: 'https://other.example', settings: { mayCreateLine: true } }, at),
    );
    expect(patched).toMatchObject({
      connection: { epoch: 2, baseUrl: 'https://other.example', settings: { mayCreateLine: true } },
    });
    expect(await commandKinds()).toEqual(['epoch-raised', 'settings-changed']);
  });

  it('raise the epoch with every change of mode and say in which direction', async () => {
    const { id } = await created();
    const set = (mode: 'observe' | 'auto') => inTransaction(database, (tx) => setConnectionMode(tx, tenantId, id, mode, at));
    expect(await set('auto')).toMatchObject({ connection: { mode: 'auto', epoch: 2 }, direction: 'up' });
    expect(await set('auto')).toMatchObject({ connection: { epoch: 2 }, direction: 'same' });
    expect(await set('observe')).toMatchObject({ connection: { mode: 'observe', epoch: 3 }, direction: 'down' });
  });

  it('belong to one tenant alone', async () => {
    const { id } = await created();
    expect(await findConnection(database, 'ten_other', id)).toBeNull();
    expect(await inTransaction(database, (tx) => patchConnection(tx, 'ten_other', id, { label: 'Mine' }, at))).toBeNull();
    expect(await inTransaction(database, (tx) => raiseEpoch(tx, 'ten_other', id, 'secrets'))).toBeNull();
    expect(await inTransaction(database, (tx) => removeConnection(tx, 'ten_other', id, at))).toBe(false);
  });

  it('are gone for every reader once removed', async () => {
    const { id } = await created();
    expect(await inTransaction(database, (tx) => removeConnection(tx, tenantId, id, at))).toBe(true);
    expect(await findConnection(database, tenantId, id)).toBeNull();
    expect((await connectionsOfKind(database, 'autotask')).map((one) => one.id)).not.toContain(id);
  });

  it('are ready again once their secrets are new', async () => {
    const { id } = await created();
    await suspendConnection(database, tenantId, id, 'The PSA refuses the secrets');
    expect(await findConnection(database, tenantId, id)).toMatchObject({ state: 'suspended' });
    await inTransaction(database, (tx) => raiseEpoch(tx, tenantId, id, 'secrets'));
    expect(await findConnection(database, tenantId, id)).toMatchObject({ state: 'ready', reason: null, epoch: 2 });
  });

  it('answer a check under its number, and an older answer changes nothing', async () => {
    const { id } = await created();
    await requestCheck(database, tenantId, id);
    const number = (await requestCheck(database, tenantId, id))!;
    expect(await findCheckAnswer(database, tenantId, id, number)).toBeNull();
    const finding = { code: 'CAPABILITY_MISSING', level: 'Error', message: 'May not see contracts' } as const;
    await recordCheckAnswer(database, { tenantId, connectionId: id, number, findings: [finding], at });
    await recordCheckAnswer(database, { tenantId, connectionId: id, number: 1, findings: [], at });
    expect(await findCheckAnswer(database, tenantId, id, number)).toEqual({ findings: [finding], at });
  });
});

describe('customer mappings', () => {
  const row = (connectionId: string, validFrom: string, billingIdentifier: string) => ({
    connectionId,
    billingIdentifier,
    validFrom,
  });
  const put = (rows: ReturnType<typeof row>[]) =>
    inTransaction(database, (tx) => putCustomerMappings(tx, { tenantId, customerCode: 'C1' }, rows, at));

  it('add dated rows, raise the epoch of the connection and ask for new decisions', async () => {
    const { id } = await created();
    await put([row(id, '2026-11-01', '7')]);
    expect(await put([row(id, '2026-12-01', '8')])).toEqual({
      mappings: [row(id, '2026-11-01', '7'), row(id, '2026-12-01', '8')],
    });
    expect(await findConnection(database, tenantId, id)).toMatchObject({ epoch: 3 });
    expect(await commandKinds()).toEqual(['mapping-changed', 'epoch-raised', 'mapping-changed', 'epoch-raised']);
  });

  it('refuse a connection of somebody else and a repeated day, with pointers', async () => {
    const { id } = await created();
    expect(await put([row('con_foreign', '2026-11-01', '7')])).toMatchObject({ errors: [{ pointer: '/0/connectionId' }] });
    expect(await put([row(id, '2026-11-01', '7'), row(id, '2026-11-01', '8')])).toMatchObject({ errors: [{ pointer: '/1' }] });
    expect(await customerMappingsOf(database, { tenantId, customerCode: 'C1' })).toEqual([]);
  });

  it('leave a connection that a new list does not name', async () => {
    const first = await created();
    const second = await created();
    await put([row(first.id, '2026-11-01', '7')]);
    expect(await put([row(second.id, '2026-11-20', '9')])).toEqual({ mappings: [row(second.id, '2026-11-20', '9')] });
    expect(await listCustomerMappings(database, tenantId, { limit: 10 })).toEqual([
      { customerCode: 'C1', mappings: [row(second.id, '2026-11-20', '9')] },
    ]);
  });

  it('end on the day of their deletion', async () => {
    const { id } = await created();
    const end = () =>
      inTransaction(database, (tx) => deleteCustomerMappings(tx, { tenantId, customerCode: 'C1' }, { today: '2026-11-23' }, at));
    expect(await end()).toBe(false);
    await put([row(id, '2026-11-01', '7')]);
    expect(await end()).toBe(true);
    expect(await listCustomerMappings(database, tenantId, { limit: 10 })).toEqual([]);
  });
});

describe('product mappings', () => {
  it('keep one dated row per selector and end what a new list does not name', async () => {
    const { id } = await created();
    const ref = { tenantId, sku: 'E3' };
    const wide = { connectionId: id, psaProductRef: '41', validFrom: '2026-11-01' };
    const year = { connectionId: id, term: 'P1Y', psaProductRef: '42', validFrom: '2026-11-01' };
    const put = (rows: (typeof wide)[]) => inTransaction(database, (tx) => putProductMappings(tx, ref, rows, at));
    expect(await put([wide, year])).toEqual({ mappings: [wide, year] });
    expect(await put([{ ...wide, psaProductRef: '43' }])).toEqual({ mappings: [{ ...wide, psaProductRef: '43' }] });
    expect(await listProductMappings(database, tenantId, { limit: 10 })).toHaveLength(1);
    await inTransaction(database, (tx) => deleteProductMappings(tx, ref, { today: '2026-11-23' }, at));
    expect(await productMappingsOf(database, ref)).toEqual([]);
  });
});
