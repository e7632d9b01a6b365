import { describe, expect, it } from 'vitest';
import { within } from './within.js';

describe('within', () => {
  it('answers what comes in time', async () => {
    expect(await within(50, Promise.resolve('here'))).toBe('here');
  });

  it('rejects when the work hangs', async () => {
    await expect(within(10, new Promise(() => undefined))).rejects.toThrow('took longer than 10 ms');
  });
});
