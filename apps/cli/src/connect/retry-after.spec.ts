import { describe, expect, it } from 'vitest';
import { pauseMs, retryAfterMs } from './retry-after.js';

const NOW = new Date('2026-03-01T12:00:00Z');

describe('how long to wait', () => {
  it.each([
    ['2', 2_000],
    ['0', 0],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['86400', 300_000],
    ['soon', null],
    [null, null],
  ])('is what Retry-After %s says', (header, ms) => {
    expect(retryAfterMs(header, NOW)).toBe(ms);
  });

  it('doubles up to half a minute when nobody says', () => {
    expect([0, 1, 2, 20].map((attempt) => pauseMs(attempt, 0.5))).toEqual([500, 1_000, 2_000, 30_000]);
  });
});
