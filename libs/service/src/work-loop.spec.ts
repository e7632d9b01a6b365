import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLogger } from './logger.js';
import { ServiceHealth } from './service-health.js';
import { type PassResult, WorkLoop, type WorkLoopOptions, watchLoops } from './work-loop.js';

const logger = createLogger('spec', 'fatal');
const loops: WorkLoop[] = [];
const started = (options: Partial<WorkLoopOptions> & Pick<WorkLoopOptions, 'pass'>): WorkLoop => {
  const loop = new WorkLoop({ name: 'spec', restMs: 60_000, logger, ...options });
  loops.push(loop);
  return loop;
};
const answering = (...results: PassResult[]) => vi.fn(() => Promise.resolve(results.shift() ?? 'idle'));

afterEach(() => Promise.all(loops.splice(0).map((loop) => loop.stop())));

describe('WorkLoop', () => {
  it('goes on at once while there is something to do, then rests until woken', async () => {
    const pass = answering('busy', 'busy');
    const loop = started({ pass });
    await vi.waitFor(() => expect(pass).toHaveBeenCalledTimes(3));
    loop.wake();
    await vi.waitFor(() => expect(pass).toHaveBeenCalledTimes(4));
    await loop.stop();
    expect(pass).toHaveBeenCalledTimes(4);
  });

  it('passes once more when woken during a pass, however often', async () => {
    const { promise, resolve } = Promise.withResolvers<PassResult>();
    const pass = vi.fn(() => (pass.mock.calls.length === 1 ? promise : Promise.resolve<PassResult>('idle')));
    const loop = started({ pass });
    for (let times = 0; times < 5; times++) loop.wake();
    resolve('idle');
    await vi.waitFor(() => expect(pass).toHaveBeenCalledTimes(2));
    await loop.stop();
    expect(pass).toHaveBeenCalledTimes(2);
  });

  it('looks by itself when a wake-up got lost, and shortly after when something waits', async () => {
    const seldom = answering();
    const soon = answering('soon');
    started({ pass: seldom, restMs: 5 });
    started({ pass: soon });
    await vi.waitFor(() => expect(seldom.mock.calls.length).toBeGreaterThan(2));
    await vi.waitFor(() => expect(soon).toHaveBeenCalledTimes(2));
  });

  it('goes on after a pass that throws, and is well again', async () => {
    const pass = answering();
    pass.mockRejectedValueOnce(new Error('away'));
    const loop = started({ pass });
    await vi.waitFor(() => expect(pass.mock.calls.length).toBeGreaterThan(1));
    expect(loop.failing()).toBeNull();
  });

  it('finishes the pass under way before it stops', async () => {
    const { promise, resolve } = Promise.withResolvers<PassResult>();
    const done: string[] = [];
    const loop = started({ pass: () => promise.finally(() => done.push('pass')) });
    const stopped = loop.stop();
    resolve('busy');
    await stopped;
    expect(done).toEqual(['pass']);
  });
});

describe('watchLoops', () => {
  it('calls a process dead whose pass gives no sign any more', async () => {
    const health = new ServiceHealth();
    const blocked = Promise.withResolvers<PassResult>();
    watchLoops(health, [started({ pass: () => blocked.promise, patienceMs: 20 })]);
    await vi.waitFor(async () => expect(await health.problemsOfLife()).toEqual({ loops: 'the loop spec has not moved for 0 s' }));
    blocked.resolve('idle');
    await vi.waitFor(async () => expect(await health.problemsOfLife()).toEqual({}));
  });

  it('lets a long pass live that says that it moves', async () => {
    const loop = started({
      patienceMs: 60,
      pass: async (moving) => {
        for (let step = 0; step < 20; step++) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          moving();
          if (loop.stuck() !== null) throw new Error('stuck');
        }
        return 'idle';
      },
    });
    await loop.stop();
    expect([loop.failing(), loop.stuck()]).toEqual([null, null]);
  });

  it('takes readiness, not life, from a process whose passes fail', async () => {
    const health = new ServiceHealth();
    const pass = vi.fn(() => Promise.resolve<PassResult>('failed'));
    const loop = started({ pass });
    watchLoops(health, [loop]);
    for (let times = 1; times < 3; times++) {
      await vi.waitFor(() => expect(pass).toHaveBeenCalledTimes(times));
      loop.wake();
    }
    await vi.waitFor(async () =>
      expect(await health.problemsOfReadiness()).toEqual({ loops: expect.stringMatching('the last 3') }),
    );
    expect(await health.problemsOfLife()).toEqual({});
  });
});
