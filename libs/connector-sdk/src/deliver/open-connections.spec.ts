import { connectionSettings, type InternalConnection } from '@trueup/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../connector/connector.js';
import { HostGuard } from '../http/host-guard.js';
import { LocalBudget } from '../http/local-budget.js';
import { scriptedConnector, scriptedManifest } from '../testing/scripted-connector.js';
import { OpenConnections } from './open-connections.js';

const connection: InternalConnection = {
  id: 'con_1',
  tenantId: 'ten_1',
  kind: 'scripted',
  label: 'Scripted',
  mode: 'auto',
  epoch: 1,
  state: 'ready',
  baseUrl: 'http://127.0.0.1:1',
  settings: connectionSettings.parse({ settleMs: 1_000 }),
  secrets: { key: 'k' },
  timeZone: 'UTC',
  graceHours: 1,
  checkRequested: 0,
};

describe('the connections in use', () => {
  let connections: OpenConnections;
  let guard: HostGuard;

  beforeEach(() => {
    guard = new HostGuard({ hosts: [], testHosts: ['127.0.0.1'] });
    const budget = new LocalBudget({ limits: [], concurrency: 4, share: 1, nowMs: () => performance.now() });
    const connector = scriptedConnector as Connector;
    connections = new OpenConnections({ connector, manifest: scriptedManifest, guard, budget, now: () => new Date() });
  });
  afterEach(async () => {
    connections.stop();
    await guard.stop();
  });

  it('stay the same from reading to reading, with their session and breaker', () => {
    const read = { ...connection, settings: { ...connection.settings }, checkRequested: 4, label: 'Renamed' };
    expect(connections.of(read)).toBe(connections.of(connection));
  });

  it.each<[string, Partial<InternalConnection>]>([
    ['epoch', { epoch: 2 }],
    ['settings', { settings: connectionSettings.parse({ settleMs: 2_000 }) }],
    ['time zone', { timeZone: 'Europe/Berlin' }],
    ['grace', { graceHours: 3 }],
  ])('begin anew with another %s', (_, change) => {
    const before = connections.of(connection);
    const after = connections.of({ ...connection, ...change });
    expect(after).not.toBe(before);
    expect(after.connection).toMatchObject(change);
  });
});
