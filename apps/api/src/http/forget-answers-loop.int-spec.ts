import { createLogger } from '@trueup/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';
import { forgetOldAnswers } from './forget-answers-loop.js';

let api: StartedApi;
beforeAll(async () => {
  api = await StartedApi.start();
});
afterAll(() => api.stop());

const dayMs = 24 * 60 * 60_000;
const logger = createLogger('api-test', 'fatal');
const forgetIn = (days: number, batch?: number) =>
  forgetOldAnswers({ db: api.db, logger, now: () => new Date(api.now.getTime() + days * dayMs) }, batch);

async function connect(key: string): Promise<string> {
  const body = { kind: 'autotask', label: 'Once' };
  return (await api.call('/v1/connections', { method: 'POST', body, headers: { 'idempotency-key': key } })).body.id;
}

describe('an answer kept for its Idempotency-Key', () => {
  it('is repeated for seven days and forgotten after them, in batches', async () => {
    const keys = ['a', 'b', 'c'];
    const first = await Promise.all(keys.map(connect));
    expect([await forgetIn(7), await Promise.all(keys.map(connect))]).toEqual([0, first]);
    expect([await forgetIn(7.01, 2), await forgetIn(7.01, 2)]).toEqual([3, 0]);
    expect(first).not.toContain(await connect('a'));
  });
});
