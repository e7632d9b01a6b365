import { afterEach, describe, expect, it } from 'vitest';
import { AdminServer } from './admin-server.js';
import { clock } from './clock.js';
import { ServiceHealth } from './service-health.js';

const health = new ServiceHealth();
let server: AdminServer | undefined;
const started = async (isClockMovable: boolean): Promise<string> => {
  server = new AdminServer({ host: '127.0.0.1', port: 0, health, isClockMovable });
  return `http://127.0.0.1:${await server.start()}`;
};
const moveClock = (url: string, body: string): Promise<Response> => fetch(`${url}/clock`, { method: 'POST', body });

afterEach(async () => {
  clock.moveTo(0);
  await server?.stop();
});

describe('AdminServer', () => {
  it('tells life from readiness', async () => {
    health.live('loop', () => null);
    health.ready('database', () => 'cannot be reached');
    const url = await started(false);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([503, { status: 'failing', problems: { database: 'cannot be reached' } }]);
    health.live('loop', () => 'no progress for 60 s');
    expect((await fetch(`${url}/healthz`)).status).toBe(503);
  });

  it('lists what is under way and counts a failing check as under way', async () => {
    health.inFlight('outbox', () =>
      Promise.resolve([
        { what: 'outbox', count: 0 },
        { what: 'lag', count: 3 },
      ]),
    );
    health.inFlight('broken', () => Promise.reject(new Error('no database')));
    const url = await started(false);
    expect(await (await fetch(`${url}/inflight`)).json()).toEqual({
      inFlight: [
        { what: 'lag', count: 3 },
        { what: 'broken', count: 1, detail: 'unknown: no database' },
      ],
    });
  });

  it('moves the clock only where tests may', async () => {
    expect((await moveClock(await started(false), '{"offsetMs":1000}')).status).toBe(403);
    await server?.stop();
    const url = await started(true);
    expect((await moveClock(url, '{"offsetMs":"x"}')).status).toBe(422);
    expect((await moveClock(url, '{"offsetMs":3600000}')).status).toBe(200);
    expect(clock.offsetMs()).toBe(3_600_000);
  });

  it('shows metrics in the text form of Prometheus', async () => {
    const answer = await fetch(`${await started(false)}/metrics`);
    expect(await answer.text()).toContain('process_cpu_seconds_total');
  });
});
