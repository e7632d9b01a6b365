const RFC3339 = /^(.{10})[Tt ](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9})\d*)?([Zz]|[+-]\d{2}:\d{2})$/;
const FRACTION_DIGITS = 9;
// Any age of an event is accepted: what lies before has no day that every zone can write with four digits of year.
const EARLIEST = '0001-01-02T00:00:00';

/**
 * An RFC 3339 instant in UTC with nine fraction digits, e.g. `2026-03-05T10:00:00.000000000Z`: sorts as text.
 * Anything before 0001-01-02 counts as that day's start. Throws a RangeError when the text is no instant.
 */
export function toUtcNanos(time: string): string {
  const match = RFC3339.exec(time);
  if (match === null) throw new RangeError(`not an RFC 3339 instant: ${JSON.stringify(time)}`);
  const [, date, clock, fraction = '', offset] = match;
  const seconds = offset === 'Z' || offset === 'z' ? `${date}T${clock}` : shifted(`${date}T${clock}${offset}`);
  if (seconds < EARLIEST) return `${EARLIEST}.000000000Z`;
  return `${seconds}.${fraction.padEnd(FRACTION_DIGITS, '0')}Z`;
}

/** An RFC 3339 instant in UTC cut to milliseconds, the grain of holdings: `2026-03-05T10:00:00.000Z`. Sorts as text. */
export function toUtcMillis(time: string): string {
  return `${toUtcNanos(time).slice(0, 23)}Z`;
}

/** Epoch milliseconds as the same text. */
export function utcMillisOf(atMs: number): string {
  return new Date(atMs).toISOString();
}

function shifted(secondsWithOffset: string): string {
  return new Date(secondsWithOffset).toISOString().slice(0, 19);
}
