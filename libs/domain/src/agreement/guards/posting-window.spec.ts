import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { opensAt, parsePostingWindow } from './posting-window.js';

const at = (local: string, zone = 'Europe/Amsterdam'): number => DateTime.fromISO(local, { zone }).toMillis();
const opening = (value: string, local: string, zone = 'Europe/Amsterdam'): string | null => {
  const ms = opensAt(parsePostingWindow(value)!, zone, at(local, zone));
  return ms === null ? null : DateTime.fromMillis(ms, { zone }).toISO({ suppressMilliseconds: true });
};

describe('a posting window', () => {
  it('is open on its days from its first minute up to its last', () => {
    const open = ['2026-11-23T08:00', '2026-11-23T17:59:59', '2026-11-27T12:00'];
    const shut = ['2026-11-23T07:59:59', '2026-11-23T18:00', '2026-11-28T12:00'];
    expect(open.map((local) => opening('Mon-Fri 08:00-18:00', local))).toEqual([null, null, null]);
    expect(shut.map((local) => opening('Mon-Fri 08:00-18:00', local))).toEqual([
      '2026-11-23T08:00:00+01:00',
      '2026-11-24T08:00:00+01:00',
      '2026-11-30T08:00:00+01:00',
    ]);
  });

  it('has several openings, days in lists, and weeks that go round', () => {
    const value = 'Fri-Mon 22:00-24:00; Wed,Thu 06:30-07:00';
    expect(opening(value, '2026-11-24T00:00')).toBe('2026-11-25T06:30:00+01:00');
    expect(opening(value, '2026-11-26T07:00')).toBe('2026-11-27T22:00:00+01:00');
    expect(opening(value, '2026-11-29T23:59')).toBeNull();
  });

  it('follows the clocks of its zone', () => {
    // 02:00 becomes 03:00 on the last Sunday of March, 03:00 becomes 02:00 on that of October.
    expect(opening('Sun 02:30-05:00', '2026-03-29T01:00')).toBe('2026-03-29T03:00:00+02:00');
    expect(opening('Sun 02:00-02:30', '2026-03-29T01:00')).toBe('2026-04-05T02:00:00+02:00');
    expect(opensAt(parsePostingWindow('Sun 02:00-02:30')!, 'Europe/Amsterdam', Date.UTC(2026, 9, 25, 0, 45))).toBe(
      Date.UTC(2026, 9, 25, 1, 0),
    );
  });

  it.each(['', '08:00-18:00', 'Mon 18:00-08:00', 'Mon 08:00-08:00', 'Mon 08:00-24:01', 'Moon 08:00-09:00', 'Mon 08:60-09:00'])(
    'cannot be %j',
    (value) => {
      expect(parsePostingWindow(value)).toBeNull();
    },
  );

  it('opens at the first minute after now at which the local clock is within it', () => {
    const minute = fc.integer({ min: 0, max: 23 }).map((hour) => `${String(hour).padStart(2, '0')}:15`);
    const zone = fc.constantFrom('UTC', 'Europe/Amsterdam', 'America/New_York', 'Australia/Lord_Howe');
    // Weeks around the changes of the clocks.
    const instant = fc
      .tuple(
        fc.constantFrom(Date.UTC(2026, 2, 7), Date.UTC(2026, 2, 28), Date.UTC(2026, 3, 4), Date.UTC(2026, 9, 24)),
        fc.nat(3_000),
      )
      .map(([start, minutes]) => start + minutes * 60_000);
    fc.assert(
      fc.property(minute, minute, zone, instant, (a, b, timeZone, now) => {
        fc.pre(a < b);
        const isWithin = (ms: number): boolean => {
          const clock = DateTime.fromMillis(ms, { zone: timeZone }).toFormat('HH:mm');
          return a <= clock && clock < b;
        };
        let expected: number | null = null;
        if (!isWithin(now)) for (expected = now; !isWithin(expected);) expected += 60_000;
        expect(opensAt(parsePostingWindow(`Mon-Sun ${a}-${b}`)!, timeZone, now)).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});
