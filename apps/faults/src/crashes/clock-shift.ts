const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS_OF_A_YEAR = 366;

/** The next full hour after `from` at which the clocks of the zone are changed. */
export function nextClockShift(zone: string, from: Date): Date {
  const formatter = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offsetAt = (ms: number): string => formatter.formatToParts(ms).find(({ type }) => type === 'timeZoneName')!.value;
  const firstMs = Math.floor(from.getTime() / HOUR_MS) * HOUR_MS;
  for (let day = 0; day < DAYS_OF_A_YEAR; day++) {
    const beganMs = firstMs + day * DAY_MS;
    const before = offsetAt(beganMs);
    if (offsetAt(beganMs + DAY_MS) === before) continue;
    const hour = Array.from({ length: 24 }, (_, index) => beganMs + (index + 1) * HOUR_MS).find((ms) => offsetAt(ms) !== before);
    return new Date(hour!);
  }
  throw new Error(`the clocks of ${zone} are not changed within a year`);
}
