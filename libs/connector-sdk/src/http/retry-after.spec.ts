import { describe, expect, it } from 'vitest';
import { retryAfterMs } from './retry-after.js';

const now = new Date('2026-07-20T10:00:00Z');
const none = () => 0;

describe('the wait after a 429', () => {
  it('is the seconds or the date of the header, else a minute', () => {
    const waits = ['7', 'Mon, 20 Jul 2026 10:05:00 GMT', undefined, 'soon'].map((header) => retryAfterMs(header, now, none));
    expect(waits).toEqual([7_000, 300_000, 60_000, 60_000]);
  });

  it('is never shorter than told', () => {
    expect(retryAfterMs('7', now, () => 1)).toBe(7_700);
    expect(retryAfterMs('Mon, 20 Jul 2026 09:00:00 GMT', now, none)).toBe(0);
  });
});
