import { DateTime } from 'luxon';

/** A stretch of a local day on some days of the week; minutes since midnight, `to` exclusive. */
interface Opening {
  /** 1 (Monday) to 7. */
  weekdays: readonly number[];
  from: number;
  to: number;
}

/** When something may be posted. */
export type PostingWindow = readonly Opening[];

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const OPENING = /^(\S+)\s+(\d{2}):(\d{2})-(\d{2}):(\d{2})$/;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Every opening returns within a week, but for one that a clock change skips. */
const DAYS_AHEAD = 22;

/** Reads `Mon-Fri 08:00-18:00; Sat,Sun 10:00-12:00`; null when it says something else. An opening ends on the day on which it begins. */
export function parsePostingWindow(value: string): PostingWindow | null {
  const openings = value.split(';').map((text) => parseOpening(text.trim()));
  return openings.every((opening) => opening !== null) ? openings : null;
}

/** Null while it is open by the local clock, else the instant (epoch ms) at which it opens next. */
export function opensAt(window: PostingWindow, timeZone: string, atMs: number): number | null {
  if (isOpen(window, timeZone, atMs)) return null;
  const starts = startsAfter(window, timeZone, atMs).filter((startMs) => startMs > atMs && isOpen(window, timeZone, startMs));
  if (starts.length === 0) throw new RangeError('a posting window that never opens');
  let opening = Math.min(...starts);
  // A clock that skips the beginning opens it where the skipped time ends.
  while (opening - MINUTE_MS > atMs && isOpen(window, timeZone, opening - MINUTE_MS)) opening -= MINUTE_MS;
  return opening;
}

function isOpen(window: PostingWindow, timeZone: string, atMs: number): boolean {
  const { weekday, hour, minute } = DateTime.fromMillis(atMs, { zone: timeZone });
  const now = hour * 60 + minute;
  return window.some(({ weekdays, from, to }) => weekdays.includes(weekday) && from <= now && now < to);
}

/** Beginnings on the days ahead; where a clock is put back the same time comes twice. */
function startsAfter(window: PostingWindow, timeZone: string, atMs: number): number[] {
  const today = DateTime.fromMillis(atMs, { zone: timeZone }).startOf('day');
  return Array.from({ length: DAYS_AHEAD }, (_, n) => today.plus({ days: n })).flatMap(({ year, month, day, weekday }) =>
    window
      .filter(({ weekdays }) => weekdays.includes(weekday))
      .flatMap(({ from }) => {
        const time = { year, month, day, hour: Math.floor(from / 60), minute: from % 60 };
        const startMs = DateTime.fromObject(time, { zone: timeZone }).toMillis();
        return [startMs - HOUR_MS, startMs, startMs + HOUR_MS];
      }),
  );
}

function parseOpening(text: string): Opening | null {
  const [, days, ...digits] = OPENING.exec(text) ?? [];
  const weekdays = days === undefined ? null : parseDays(days);
  const [fromHour, fromMinute, toHour, toMinute] = digits.map(Number) as [number, number, number, number];
  if (weekdays === null || fromMinute > 59 || toMinute > 59) return null;
  const [from, to] = [fromHour * 60 + fromMinute, toHour * 60 + toMinute];
  return from < to && to <= 24 * 60 ? { weekdays, from, to } : null;
}

/** `Mon`, `Mon-Fri`, `Fri-Mon` or a list of these. */
function parseDays(text: string): number[] | null {
  const lists = text.split(',').map((part) => {
    const [first = '', last = first, ...rest] = part.split('-');
    const [begin, end] = [DAYS.indexOf(first), DAYS.indexOf(last)];
    if (begin < 0 || end < 0 || rest.length > 0) return null;
    return Array.from({ length: ((end - begin + 7) % 7) + 1 }, (_, n) => ((begin + n) % 7) + 1);
  });
  return lists.every((list) => list !== null) ? lists.flat() : null;
}
