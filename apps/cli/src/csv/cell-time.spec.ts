import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCellTime } from './cell-time.js';

const auckland = (text: string, format: string): string | null => readCellTime(text, { format, timeZone: 'Pacific/Auckland' });

describe('the time of a cell', () => {
  it.each([
    ['03/11/2026 09:15', 'dd/MM/yyyy HH:mm', '2026-11-02T20:15:00.000Z'],
    ['3/11/2026 9:15 pm', 'd/M/yyyy h:mm a', '2026-11-03T08:15:00.000Z'],
    ['2026-07-01', 'yyyy-MM-dd', '2026-06-30T12:00:00.000Z'],
    ['1793650500', 'unix', '2026-11-02T20:15:00.000Z'],
    ['2026-11-02T20:15:00Z', 'rfc3339', '2026-11-02T20:15:00Z'],
    // Clocks go back at 3:00 on 5 April 2026: the first 2:30 counts.
    ['2026-04-05 02:30', 'yyyy-MM-dd HH:mm', '2026-04-04T13:30:00.000Z'],
  ])('reads %s as %s', (text, format, instant) => {
    expect(auckland(text, format)).toBe(instant);
  });

  it.each([
    ['31/02/2026 09:15', 'dd/MM/yyyy HH:mm'],
    ['03/11/2026 24:15', 'dd/MM/yyyy HH:mm'],
    ['03-11-2026 09:15', 'dd/MM/yyyy HH:mm'],
    ['13:00 pm', 'h:mm a'],
    // Clocks go forward at 2:00 on 27 September 2026: there is no 2:30.
    ['2026-09-27 02:30', 'yyyy-MM-dd HH:mm'],
    ['yesterday', 'rfc3339'],
    ['-5', 'unix'],
  ])('refuses %s as %s', (text, format) => {
    expect(auckland(text, format)).toBeNull();
  });

  it('finds the instant again that a zone shows, for every minute of every zone tried', () => {
    const zones = fc.constantFrom('Pacific/Auckland', 'America/St_Johns', 'Europe/Berlin', 'Asia/Kathmandu', 'UTC');
    const minutes = fc.integer({ min: Date.UTC(2000, 0, 1) / 60_000, max: Date.UTC(2040, 0, 1) / 60_000 });
    fc.assert(
      fc.property(minutes, zones, (minute, timeZone) => {
        const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(
          minute * 60_000,
        );
        const read = Date.parse(readCellTime(shown, { format: 'yyyy-MM-dd HH:mm', timeZone })!);
        expect([0, 60]).toContain(minute - read / 60_000);
      }),
    );
  });
});
