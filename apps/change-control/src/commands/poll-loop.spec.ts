import { createLogger } from '@trueup/service';
import { describe, expect, it, vi } from 'vitest';
import { PollLoop } from './poll-loop.js';

const logger = createLogger('spec', 'fatal');

describe('PollLoop', () => {
  it('goes on at once while there is something to do, then rests until woken', async () => {
    let passes = 0;
    const loop = new PollLoop({ name: 'spec', pass: () => Promise.resolve(++passes < 4 ? 1 : 0), pollMs: 60_000, logger });
    await vi.waitFor(() => expect(passes).toBe(4));
    loop.wake();
    await vi.waitFor(() => expect(passes).toBe(5));
    await loop.stop();
    expect(passes).toBe(5);
  });

  it('survives a pass that fails', async () => {
    let passes = 0;
    const pass = (): Promise<number> => (++passes === 1 ? Promise.reject(new Error('away')) : Promise.resolve(0));
    const loop = new PollLoop({ name: 'spec', pass, pollMs: 5, logger });
    await vi.waitFor(() => expect(passes).toBeGreaterThan(1));
    await loop.stop();
    expect(loop.problem()).toBeNull();
  });
});
