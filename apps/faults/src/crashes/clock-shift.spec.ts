import { describe, expect, it } from 'vitest';
import { nextClockShift } from './clock-shift.js';

describe('nextClockShift', () => {
  it.each([
    ['Europe/Berlin', '2026-11-23T12:34:56Z', '2027-03-28T01:00:00.000Z'],
    ['Europe/Berlin', '2027-03-28T01:00:00Z', '2027-10-31T01:00:00.000Z'],
    ['Australia/Sydney', '2026-11-23T12:34:56Z', '2027-04-03T16:00:00.000Z'],
  ])('finds when the clocks of %s are changed after %s', (zone, from, expected) => {
    expect(nextClockShift(zone, new Date(from)).toISOString()).toBe(expected);
  });

  it('says so where they never are', () => {
    expect(() => nextClockShift('UTC', new Date('2026-11-23T00:00:00Z'))).toThrow('not changed within a year');
  });
});
