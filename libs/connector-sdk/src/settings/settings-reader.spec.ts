import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { connectionSettings } from '@trueup/contracts';
import { Secret } from '@trueup/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SettingsReader } from './settings-reader.js';

const connection = {
  id: 'con_1',
  tenantId: 'ten_1',
  kind: 'x',
  label: 'X',
  mode: 'auto' as const,
  epoch: 1,
  state: 'ready' as const,
  baseUrl: null,
  settings: connectionSettings.parse({}),
  secrets: {},
  timeZone: 'UTC',
  graceHours: 1,
  checkRequested: 0,
};
let api: Server;
let answer: { status: number; body: unknown };
let tokens: (string | undefined)[];
let reader: SettingsReader;
let changed: string[];
let told: unknown[];

beforeEach(async () => {
  answer = { status: 200, body: { asOf: 'now', connections: [connection] } };
  tokens = [];
  changed = [];
  told = [];
  api = createServer((request, response) => {
    tokens.push(request.headers.authorization);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer.body));
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
  reader = new SettingsReader({
    kind: 'autotask',
    apiUrl: `http://127.0.0.1:${(api.address() as AddressInfo).port}`,
    serviceToken: new Secret('tok'),
    logger: { info: () => undefined, warn: () => undefined, error: (fields: unknown) => void told.push(fields) } as never,
    onChanged: (connections) => changed.push(...connections.map((each) => `${each.id}@${each.epoch}`)),
    onRead: () => undefined,
  });
});
afterEach(async () => {
  await reader.stop();
  await new Promise<void>((resolve) => api.close(() => resolve()));
});

describe('the reader of connection settings', () => {
  it('reads with the service token and tells of every raised epoch', async () => {
    await reader.start();
    expect([reader.isFresh(), reader.find('con_1')?.epoch, tokens[0]]).toEqual([true, 1, 'Bearer tok']);
    answer = { status: 200, body: { asOf: 'now', connections: [{ ...connection, epoch: 2 }] } };
    await wait(1_300);
    expect([reader.find('con_1')?.epoch, changed]).toEqual([2, ['con_1@1', 'con_1@2']]);
  });

  it('tells of changed settings, which may end what lines wait for', async () => {
    await reader.start();
    const settings = connectionSettings.parse({ settleMs: 2_000 });
    answer = { status: 200, body: { asOf: 'now', connections: [{ ...connection, settings }] } };
    reader.hurry();
    await expect.poll(() => reader.find('con_1')?.settings.settleMs).toBe(2_000);
    expect(changed).toEqual(['con_1@1', 'con_1@1']);
  });

  it('has no fresh settings when the api does not answer with them', async () => {
    answer = { status: 503, body: {} };
    await reader.start();
    expect([reader.isFresh(), reader.find('con_1')]).toEqual([false, undefined]);
  });

  it('tells once, with the way out, that its source cannot be read', async () => {
    answer = { status: 503, body: {} };
    await reader.start();
    reader.hurry();
    await wait(100);
    const way = { code: 'SOURCE_UNREACHABLE', alias: 'AT03', owner: 'sre', remedy: expect.stringContaining('broker') };
    expect([tokens.length, told]).toEqual([2, [expect.objectContaining(way)]]);
  });

  it('reads at once when something newer is known', async () => {
    await reader.start();
    for (let i = 0; i < 5; i++) reader.hurry();
    await wait(200);
    expect(tokens).toHaveLength(2);
  });

  it('forgets a connection that is gone', async () => {
    await reader.start();
    answer = { status: 200, body: { asOf: 'now', connections: [] } };
    await wait(1_300);
    expect(reader.find('con_1')).toBeUndefined();
  });
});
