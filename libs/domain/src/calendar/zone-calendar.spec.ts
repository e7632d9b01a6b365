import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, it } from 'vitest';
import { addDays, fromEpochDay } from '@trueup/contracts';
import { zoneCalendar } from './zone-calendar.js';

const ZONES = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Pacific/Auckland',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'America/Havana',
  'Africa/Cairo',
  'Asia/Beirut',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
];
const zones = fc.constantFrom(...ZONES);
const dates = fc.integer({ min: 10957, max: 25567 }).map(fromEpochDay); // 2000 to 2039

describe('zoneCalendar', () => {
  it('starts a day at local midnight and ends it where the next begins', () => {
    const berlin = zoneCalendar('Europe/Berlin');
    const lengthH = (date: string) => (berlin.startOfDayMs(addDays(date, 1)) - berlin.startOfDayMs(date)) / 3_600_000;
    expect([lengthH('2026-03-28'), lengthH('2026-03-29'), lengthH('2026-10-25')]).toEqual([24, 23, 25]);
  });

  it('starts a day whose midnight the clocks skip at the first instant after it', () => {
    expect(new Date(zoneCalendar('America/Sao_Paulo').startOfDayMs('2018-11-04')).toISOString()).toBe('2018-11-04T03:00:00.000Z');
  });

  it('starts a day with two midnights at the first of them', () => {
    expect(new Date(zoneCalendar('America/Havana').startOfDayMs('2025-11-02')).toISOString()).toBe('2025-11-02T04:00:00.000Z');
  });

  it('gives a day that never was no length', () => {
    const apia = zoneCalendar('Pacific/Apia');
    expect(apia.startOfDayMs('2011-12-30')).toBe(apia.startOfDayMs('2011-12-31'));
  });

  it('finds the day that a clock on the wall shows', () => {
    fc.assert(
      fc.property(zones, fc.integer({ min: 946_684_800_000, max: 2_208_988_800_000 }), (zone, atMs) => {
        expect(zoneCalendar(zone).localDateOf(atMs)).toBe(DateTime.fromMillis(atMs, { zone }).toISODate());
      }),
      { numRuns: 1000 },
    );
  });

  it('puts the first instant of a day into it and the one before into the day before', () => {
    fc.assert(
      fc.property(zones, dates, (zone, date) => {
        const calendar = zoneCalendar(zone);
        const startMs = calendar.startOfDayMs(date);
        expect([calendar.localDateOf(startMs), calendar.localDateOf(startMs - 1)]).toEqual([date, addDays(date, -1)]);
      }),
    );
  });

  it('refuses a zone that does not exist', () => {
    expect(() => zoneCalendar('Mars/Base')).toThrow('unknown time zone: "Mars/Base"');
  });
});
