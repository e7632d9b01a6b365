import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HarnessPart, startHarnessServer } from './harness-server.js';

describe('the harness of a test run', () => {
  let started: HarnessPart[];
  let isStopped: boolean;
  let harness: { url: string; stop(): Promise<void> };

  beforeEach(async () => {
    started = [];
    isStopped = false;
    harness = await startHarnessServer({
      start: async (part) => {
        started.push(part);
        if (part === 'postgres') throw new Error('no room');
        return part === 'redis' ? null : 'here:1';
      },
      stop: async () => {
        isStopped = true;
      },
    });
  });
  afterEach(() => harness.stop());

  async function ask(path: string): Promise<{ status: number; body: unknown }> {
    const answer = await fetch(new URL(path, harness.url));
    return { status: answer.status, body: await answer.json() };
  }

  it('starts nothing until somebody asks, and then each part once', async () => {
    expect(started).toEqual([]);

    const answers = await Promise.all([ask('kafka'), ask('kafka'), ask('kafka')]);

    expect(answers.map(({ body }) => body)).toEqual([{ address: 'here:1' }, { address: 'here:1' }, { address: 'here:1' }]);
    expect(started).toEqual(['kafka']);
  });

  it('tells a part that cannot be had from one that failed', async () => {
    expect(await ask('redis')).toEqual({ status: 200, body: { address: null } });
    expect(await ask('postgres')).toEqual({ status: 503, body: { problem: 'Error: no room' } });
    expect((await ask('mongo')).status).toBe(404);
  });

  it('stops the parts with the run', async () => {
    await harness.stop();
    harness = { url: '', stop: async () => undefined };

    expect(isStopped).toBe(true);
  });
});
