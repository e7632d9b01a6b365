import { IANAZone } from 'luxon';
import { fromEpochDay, type PlainDate } from '@trueup/contracts';
import { toEpochDay } from './months.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
// Events may carry any age: a flood of odd dates must not grow the cache without end.
const MAX_CACHED_DAYS = 50_000;

/** The local days of one IANA zone. Days follow each other without gap or overlap, whatever its clocks do. */
export interface ZoneCalendar {
  readonly timeZone: string;
  /** The instant (epoch ms) at which the local day begins. */
  startOfDayMs(date: PlainDate): number;
  /** The local day that holds the instant (epoch ms). */
  localDateOf(atMs: number): PlainDate;
}

const calendars = new Map<string, ZoneCalendar>();

/** The calendar of a zone, with its day boundaries remembered. Throws a RangeError for an unknown zone. */
export function zoneCalendar(timeZone: string): ZoneCalendar {
  const known = calendars.get(timeZone);
  if (known !== undefined) return known;
  if (!IANAZone.isValidZone(timeZone)) throw new RangeError(`unknown time zone: ${JSON.stringify(timeZone)}`);
  const calendar = new CachedZoneCalendar(timeZone);
  calendars.set(timeZone, calendar);
  return calendar;
}

class CachedZoneCalendar implements ZoneCalendar {
  private readonly zone: IANAZone;
  private readonly starts = new Map<number, number>();
  private readonly dates = new Map<number, PlainDate>();

  constructor(readonly timeZone: string) {
    this.zone = IANAZone.create(timeZone);
  }

  startOfDayMs(date: PlainDate): number {
    return this.startOf(toEpochDay(date));
  }

  localDateOf(atMs: number): PlainDate {
    let day = Math.floor(atMs / DAY_MS);
    while (this.startOf(day) > atMs) day -= 1;
    while (this.startOf(day + 1) <= atMs) day += 1;
    return this.dateOf(day);
  }

  private dateOf(epochDay: number): PlainDate {
    const known = this.dates.get(epochDay);
    if (known !== undefined) return known;
    if (this.dates.size >= MAX_CACHED_DAYS) this.dates.clear();
    const date = fromEpochDay(epochDay);
    this.dates.set(epochDay, date);
    return date;
  }

  private startOf(epochDay: number): number {
    const known = this.starts.get(epochDay);
    if (known !== undefined) return known;
    if (this.starts.size >= MAX_CACHED_DAYS) this.starts.clear();
    const startMs = this.firstInstantOf(epochDay);
    this.starts.set(epochDay, startMs);
    return startMs;
  }

  /** The first instant at which local clocks show midnight or later of that day: a skipped midnight begins late, a doubled one early. */
  private firstInstantOf(epochDay: number): number {
    const midnightMs = epochDay * DAY_MS;
    const beforeMs = midnightMs - 15 * HOUR_MS;
    const afterMs = midnightMs + 15 * HOUR_MS;
    const offsetBefore = this.offsetMsAt(beforeMs);
    const offsetAfter = this.offsetMsAt(afterMs);
    if (offsetBefore === offsetAfter) return midnightMs - offsetBefore;
    const changeMs = this.offsetChangeBetween(beforeMs, afterMs, offsetBefore);
    if (midnightMs - offsetBefore < changeMs) return midnightMs - offsetBefore;
    return Math.max(changeMs, midnightMs - offsetAfter);
  }

  private offsetChangeBetween(lowMs: number, highMs: number, offsetLow: number): number {
    while (highMs - lowMs > 1) {
      const middleMs = Math.floor((lowMs + highMs) / 2);
      if (this.offsetMsAt(middleMs) === offsetLow) lowMs = middleMs;
      else highMs = middleMs;
    }
    return highMs;
  }

  private offsetMsAt(atMs: number): number {
    return Math.round(this.zone.offset(atMs) * 60_000);
  }
}
