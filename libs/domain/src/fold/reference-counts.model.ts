import type { ProvisioningEvent } from '@trueup/contracts';
import type { CatalogueEntry } from '../rows/catalogue.js';
import { type Held, fatesAt, lineOf, millisOf, replayed } from './reference.model.js';

// Counts of the replaying model: looks at every instant at which anything can change. Amounts in millionths.

const QUARTER_HOUR_MS = 900_000;

/** The events, the catalogue and the day up to which it is in force. */
export interface ModelCase {
  events: readonly ProvisioningEvent[];
  rows: readonly CatalogueEntry[];
  today: string;
}

/** First instants of the local days from one instant to another, found by looking at the clock every quarter of an hour. */
export function dayStarts(timeZone: string, fromMs: number, untilMs: number): Map<string, number> {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const starts = new Map<string, number>();
  for (let at = fromMs; at < untilMs; at += QUARTER_HOUR_MS) {
    const date = clock.format(at);
    if (!starts.has(date)) starts.set(date, at);
  }
  return starts;
}

/** Counts of every line in [start, end): level at each day's end, most per assignment, most at once, units that a removal ended. */
export function modelCounts(given: ModelCase, days: ReadonlyMap<string, number>, start: string, end: string, line: string) {
  const [fromMs, untilMs] = [days.get(start)!, days.get(end)!];
  const inside = [...days].filter(([date]) => date >= start && date < end);
  const eventMs = [...new Set(given.events.map(millisOf))].filter((at) => at >= fromMs && at < untilMs);
  const probes = [...eventMs, ...inside.map(([, at]) => at)].map((at) => worldOf(given, days, at, line));
  return {
    levels: inside.map(([date]) => ({ date, level: total(worldOf(given, days, days.get(nextDay(date))! - 1, line)) })),
    present: total(mostOf(probes)),
    peak: probes.map(total).reduce((most, level) => (level > most ? level : most), 0n),
    removed: eventMs.reduce((units, at) => units + endedAt(given, days, at, line), 0n),
  };
}

/** Every line that anything ever held. */
export function modelLines(given: ModelCase, days: ReadonlyMap<string, number>): Set<string> {
  const instants = [...given.events.map(millisOf), ...days.values()];
  const lines = instants.flatMap((at) =>
    [...replayed(given.events, at)].map(([key, held]) => lineOf(key, held, dateOf(days, at), given.today, given.rows)),
  );
  return new Set(lines.filter((line) => line !== ''));
}

function worldOf(given: ModelCase, days: ReadonlyMap<string, number>, at: number, line: string): Map<string, bigint> {
  const date = dateOf(days, at);
  const isOfLine = ([key, held]: [string, Held]) => lineOf(key, held, date, given.today, given.rows) === line;
  return new Map([...replayed(given.events, at)].filter(isOfLine).map(([key, held]) => [key, held.micros]));
}

function endedAt(given: ModelCase, days: ReadonlyMap<string, number>, at: number, line: string): bigint {
  const before = worldOf(given, days, at - 1, line);
  const ended = [...fatesAt(given.events, at)].filter(([, fate]) => fate === 'removed');
  return ended.reduce((units, [key]) => units + (before.get(key) ?? 0n), 0n);
}

function mostOf(worlds: readonly Map<string, bigint>[]): Map<string, bigint> {
  const most = new Map<string, bigint>();
  for (const world of worlds) for (const [key, micros] of world) if (micros > (most.get(key) ?? 0n)) most.set(key, micros);
  return most;
}

function total(world: ReadonlyMap<string, bigint>): bigint {
  return [...world.values()].reduce((sum, micros) => sum + micros, 0n);
}

function dateOf(days: ReadonlyMap<string, number>, at: number): string {
  return [...days].findLast(([, start]) => start <= at)![0];
}

function nextDay(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
