/** Where the demo MSP lives, and the day of the month on which its periods close. */
export const demoZone = 'Pacific/Auckland';
export const demoCloseDay = 25;

const dayMs = 86_400_000;
const wallClock = new Intl.DateTimeFormat('en-CA', {
  timeZone: demoZone,
  ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  hourCycle: 'h23',
});

/** A period of the demo: first day, and the first day of the next one. */
export interface DemoPeriod {
  readonly id: string;
  readonly start: string;
  readonly end: string;
}

/** The days that the demo speaks of, all derived from one local day. */
export interface DemoCalendar {
  readonly today: string;
  /** Three that are over and the one that holds today, oldest first. */
  readonly periods: readonly [DemoPeriod, DemoPeriod, DemoPeriod, DemoPeriod];
}

/** The demo's days as seen at an instant. */
export function demoCalendar(now: Date): DemoCalendar {
  const today = localDay(now);
  const current = today.slice(8) > String(demoCloseDay) ? today.slice(0, 7) : monthsOn(today.slice(0, 7), -1);
  const period = (distance: number): DemoPeriod => {
    const start = `${monthsOn(current, distance)}-${demoCloseDay + 1}`;
    const end = `${monthsOn(current, distance + 1)}-${demoCloseDay + 1}`;
    return { id: daysOn(end, -1), start, end };
  };
  return { today, periods: [period(-3), period(-2), period(-1), period(0)] };
}

/** The local day of an instant. */
export function localDay(at: Date): string {
  return new Date(wallClockMs(at)).toISOString().slice(0, 10);
}

/** The instant at which clocks in the demo's zone show midnight of a day, plus seconds. */
export function instantOn(day: string, seconds = 0): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  let guess = midnight;
  for (let round = 0; round < 3; round += 1) guess += midnight - wallClockMs(new Date(guess));
  return new Date(guess + seconds * 1000).toISOString();
}

export function daysOn(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** `2026-11` and so many months on. */
export function monthsOn(month: string, months: number): string {
  const count = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + months;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, '0')}`;
}

/** Every day from `first` on, up to but not including `end`. */
export function daysBetween(first: string, end: string): string[] {
  const count = Math.max(0, Math.round((Date.parse(end) - Date.parse(first)) / dayMs));
  return Array.from({ length: count }, (_, n) => daysOn(first, n));
}

/** What local clocks show at an instant, read as if it were UTC. */
function wallClockMs(at: Date): number {
  const parts = Object.fromEntries(wallClock.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(parts['year']!, parts['month']! - 1, parts['day'], parts['hour'], parts['minute'], parts['second']);
}
