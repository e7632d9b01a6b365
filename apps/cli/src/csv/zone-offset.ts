const formatters = new Map<string, Intl.DateTimeFormat>();
const DAY_MS = 86_400_000;

/** Whether this is the name of a time zone, and not an offset. */
export function isTimeZone(zone: string): boolean {
  try {
    formatterOf(zone);
    return !/^[+-]/.test(zone);
  } catch {
    return false; // Intl says "unknown zone" by throwing
  }
}

/**
 * The instant at which clocks in `zone` show a local time, given as if it were UTC; in milliseconds. A time that occurs twice (clocks go
 * back) is its first; one that is skipped (clocks go forward) does not exist: null.
 */
export function instantOfLocal(localMs: number, zone: string): number | null {
  const candidates = [localMs - DAY_MS, localMs + DAY_MS].map((near) => localMs - offsetMs(near, zone));
  const real = candidates.filter((ms) => ms + offsetMs(ms, zone) === localMs);
  return real.length === 0 ? null : Math.min(...real);
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
export function offsetMs(ms: number, zone: string): number {
  const parts = Object.fromEntries(
    formatterOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year, month, day, hour, minute, second } = parts as Record<string, number>;
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - Math.floor(ms / 1000) * 1000;
}

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known) return known;
  const numeric = 'numeric';
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    calendar: 'gregory',
    ...{ year: numeric, month: numeric, day: numeric, hour: numeric, minute: numeric, second: numeric },
  });
  formatters.set(zone, formatter);
  return formatter;
}
