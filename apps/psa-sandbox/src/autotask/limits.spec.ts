import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentials, goldenState, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

interface Stats {
  callsInLastHour: number;
  highestCallsInHour: number;
  refusedByThreads: number;
  refusedBySuspension: number;
  threads: Record<string, { calls: number; highestConcurrency: number }>;
}

const HOUR_MS = 3_600_000;
const turn = (switches: object) => sandbox.admin('PATCH', 'state', { switches });
const stats = () => sandbox.admin<Stats>('GET', 'stats');
const slow = (ms: number) => sandbox.admin('POST', 'faults', { kind: 'slow', ms, count: 'always' });
const read = (headers = credentials, path = 'Contracts/7001') => sandbox.api('GET', path, undefined, headers);
const times = <T>(count: number, call: () => Promise<T>) => Promise.all(Array.from({ length: count }, () => call()));
const statusesOf = async (replies: Promise<{ status: number }[]>) =>
  (await replies).map(({ status }) => status).sort((left, right) => left - right);

async function sequence(count: number) {
  const statuses: number[] = [];
  for (let index = 0; index < count; index += 1) statuses.push((await read()).status);
  return statuses;
}

describe('threads', () => {
  it('refuses the fourth call at once of one integration code and endpoint', async () => {
    await slow(400);
    const replies = await times(5, read);
    const refused = replies.filter(({ status }) => status === 500);
    expect(refused).toHaveLength(2);
    expect(refused[0]?.body.errors[0]).toContain('thread threshold of 3 threads has been exceeded');
    expect(await stats()).toMatchObject({ refusedByThreads: 2, threads: { 'SANDBOX-CODE contracts': { calls: 5 } } });
  });

  it('counts the calls under a contract with those of contracts, and other endpoints apart', async () => {
    await slow(400);
    const calls = [
      read(),
      read(credentials, 'Contracts/7001/Services'),
      read(credentials, 'Contracts/7001/ServiceUnits'),
      read(),
    ];
    const elsewhere = times(3, () => read(credentials, 'Companies/174'));
    expect(await statusesOf(Promise.all(calls))).toEqual([200, 200, 200, 500]);
    expect(await statusesOf(elsewhere)).toEqual([200, 200, 200]);
  });

  it('gives every integration code its own', async () => {
    const other = { ...credentials, UserName: 'second@sandbox.example', ApiIntegrationCode: 'SECOND' };
    const users = [credentials, other].map((user) => {
      return { userName: user.UserName, secret: user.Secret, integrationCode: user.ApiIntegrationCode };
    });
    await sandbox.admin('PUT', 'state', { ...goldenState, users });
    await slow(400);
    const both = Promise.all([times(3, read), times(3, () => read(other))]);
    expect(await statusesOf(both.then((replies) => replies.flat()))).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it('spares zone discovery', async () => {
    await slow(50);
    const zone = () => fetch(`${sandbox.url}/atservicesrest/v1.0/zoneInformation?user=${credentials.UserName}`);
    expect(await statusesOf(times(6, zone))).toEqual([200, 200, 200, 200, 200, 200]);
  });

  it('answers 429 and takes another limit when the switches say so', async () => {
    await turn({ threadLimit: 1, limitStatus: 429 });
    await slow(100);
    expect(await statusesOf(times(2, read))).toEqual([200, 429]);
  });

  it('shows the most that ever ran at once, refused ones among them', async () => {
    await slow(100);
    await times(2, read);
    expect((await stats()).threads['SANDBOX-CODE contracts']).toEqual({ calls: 2, highestConcurrency: 2 });
    await times(4, read);
    expect((await stats()).threads['SANDBOX-CODE contracts']).toEqual({ calls: 6, highestConcurrency: 4 });
  });

  it('leaves a refused write without effect', async () => {
    await turn({ threadLimit: 1 });
    await slow(100);
    const replies = await Promise.all([sandbox.adjust(1, '2026-07-13'), sandbox.adjust(1, '2026-07-14')]);
    expect(replies.map(({ status }) => status).sort((left, right) => left - right)).toEqual([200, 500]);
    expect((await sandbox.effects()).filter(({ by }) => by === 'api')).toHaveLength(1);
  });
});

describe('the hourly limit', () => {
  it('suspends the API for everybody beyond it, until the window has room again', async () => {
    await turn({ hourlyLimit: 4, latencyScale: 0 });
    expect(await sequence(6)).toEqual([200, 200, 200, 200, 500, 500]);
    expect((await read()).body.errors[0]).toContain('request threshold of 4 requests per 60 minutes');
    expect(await stats()).toMatchObject({ callsInLastHour: 4, highestCallsInHour: 7, refusedBySuspension: 3 });
    sandbox.clock.moveTo(HOUR_MS);
    expect(await sequence(1)).toEqual([200]);
  });

  it('is a rolling window', async () => {
    await turn({ hourlyLimit: 4, latencyScale: 0 });
    await sequence(2);
    sandbox.clock.moveTo(HOUR_MS / 2);
    expect(await sequence(3)).toEqual([200, 200, 500]);
    sandbox.clock.moveTo(HOUR_MS);
    expect(await sequence(3)).toEqual([200, 200, 500]);
    expect((await stats()).highestCallsInHour).toBe(6);
  });

  it('is shown by ThresholdInformation, which counts itself', async () => {
    await turn({ hourlyLimit: 400 });
    await sequence(2);
    const meter = await fetch(`${sandbox.url}/ATServicesRest/V1.0/ThresholdInformation`, { headers: credentials });
    expect(await meter.json()).toMatchObject({ externalRequestThreshold: 400, currentTimeframeRequestCount: 3 });
  });

  it('makes calls slower from half and from three quarters on', async () => {
    await turn({ hourlyLimit: 8, latencyScale: 0.5 });
    const took: number[] = [];
    for (let index = 0; index < 7; index += 1) {
      const before = performance.now();
      await read();
      took.push(performance.now() - before);
    }
    expect(Math.max(...took.slice(0, 3))).toBeLessThan(245);
    expect(took.slice(3, 5).every((ms) => ms >= 245)).toBe(true);
    expect(took.slice(5).every((ms) => ms >= 495)).toBe(true);
  });

  it('counts nothing of the admin side, and begins anew when told', async () => {
    await sequence(3);
    await sandbox.admin('GET', 'state');
    expect((await stats()).callsInLastHour).toBe(3);
    await sandbox.admin('DELETE', 'stats');
    expect(await stats()).toMatchObject({ callsInLastHour: 0, highestCallsInHour: 0, threads: {} });
  });
});
