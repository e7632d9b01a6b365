import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PortChooser } from '../network/free-port.js';
import { Fleet } from '../services/fleet.js';
import { SupervisedProcess } from '../services/supervised-process.js';
import { controlRoutes } from './control-routes.js';
import { ControlServer } from './control-server.js';
import { RuntimeClock } from './runtime-clock.js';

const token = 'the-control-token';
const realNow = Date.parse('2026-01-31T00:00:00Z');

describe('the control side', () => {
  let server: ControlServer;
  let url: string;

  beforeEach(() => open(true));
  afterEach(() => server.close());

  async function open(hasTestClock: boolean): Promise<void> {
    const fleet = new Fleet();
    const launch = () => Promise.reject(new Error('never started here'));
    const watcher = { isStopping: false, onChange: () => undefined, say: () => undefined };
    fleet.infrastructure.push(
      new SupervisedProcess({ service: 'kafka', replica: 0, launch, isReady: async () => false }, watcher),
    );
    const routes = controlRoutes({ fleet, clock: new RuntimeClock(() => realNow), hasTestClock });
    server = new ControlServer(token, routes, () => undefined);
    const port = await new PortChooser(() => undefined).choose(21_000 + Math.floor(Math.random() * 9_000), 'spec');
    await server.listen(port);
    url = `http://127.0.0.1:${port}`;
  }

  async function ask(path: string, init: RequestInit = {}): Promise<{ status: number; body: Record<string, unknown> }> {
    const answer = await fetch(url + path, { headers: { authorization: `Bearer ${token}` }, ...init });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  }
  const post = (path: string, body: unknown) =>
    ask(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) });

  it('is closed without its token', async () => {
    expect(await ask('/status', { headers: {} })).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  });

  it('tells the time and the processes', async () => {
    expect((await ask('/status')).body).toEqual({
      now: '2026-01-31T00:00:00.000Z',
      processes: [],
      infrastructure: [{ service: 'kafka', replica: 0, pid: null, state: 'stopped' }],
    });
  });

  it('moves the clock by calendar durations and to an instant', async () => {
    expect((await post('/clock', { advance: 'P1M' })).body).toEqual({ now: '2026-02-28T00:00:00.000Z' });
    expect((await post('/clock', { set: '2027-01-01T01:00:00+13:00' })).body).toEqual({ now: '2026-12-31T12:00:00.000Z' });
  });

  it('leaves the clock alone without --test-clock', async () => {
    await server.close();
    await open(false);

    expect(await post('/clock', { advance: 'P1M' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('--test-clock') },
    });
  });

  it.each([
    ['/clock', { advance: 'tomorrow' }, 422, 'validation-failed'],
    ['/clock', { set: '2026-01-01' }, 422, 'validation-failed'],
    ['/clock', '{', 400, 'malformed-body'],
    ['/settled', { timeoutSeconds: 'long' }, 422, 'validation-failed'],
    ['/processes/nothing/0/signal', { signal: 'SIGKILL' }, 404, 'not-found'],
    ['/processes/kafka/1/restart', {}, 404, 'not-found'],
    ['/processes/kafka/0/signal', { signal: 'SIGNAL' }, 422, 'validation-failed'],
    ['/processes/kafka/0/signal', { signal: 'SIGKILL' }, 409, 'conflict'],
    ['/processes/kafka/0/restart', { environment: { PATH: '/' } }, 422, 'validation-failed'],
    ['/status', {}, 405, 'method-not-allowed'],
    ['/elsewhere', {}, 404, 'not-found'],
  ])('refuses POST %s %j with %i %s', async (path, body, status, code) => {
    const answer = await post(path, body);

    expect(answer).toMatchObject({
      status,
      body: { code, type: `https://trueup.dev/problems/${code}`, requestId: expect.stringMatching(/^req_/) },
    });
  });

  it('points at the field that is wrong', async () => {
    expect((await post('/settled', { timeoutSeconds: 'long' })).body['errors']).toMatchObject([{ pointer: '/timeoutSeconds' }]);
  });

  it('is settled when nothing runs', async () => {
    expect(await post('/settled', {})).toEqual({ status: 200, body: { settled: true } });
  });
});
