import { isInstant } from '@trueup/contracts';
import { instantOfLocal } from './zone-offset.js';

const TOKEN = /yyyy|MM?|dd?|HH?|hh?|mm|ss|SSS|a/g;
const SOURCES: Readonly<Record<string, string>> = { yyyy: '\\d{4}', SSS: '\\d{3}', a: '[AaPp][Mm]' };
const TWO_DIGITS = '\\d{2}';
const ONE_OR_TWO = '\\d{1,2}';

/**
 * Reads a cell as an instant in RFC 3339, or null when it is none. Formats: `rfc3339`, `unix` (seconds), `unix-ms`, or a pattern of
 * yyyy MM M dd d HH H hh h mm ss SSS a, read in the time zone; a day without a time is its midnight.
 */
export function readCellTime(text: string, { format, timeZone }: { format: string; timeZone: string }): string | null {
  if (format === 'rfc3339') return isInstant(text) ? text : null;
  if (format === 'unix' || format === 'unix-ms') return fromUnix(text, format === 'unix' ? 1000 : 1);
  const localMs = localMsOf(text, format);
  const ms = localMs === null ? null : instantOfLocal(localMs, timeZone);
  return ms === null ? null : new Date(ms).toISOString();
}

function fromUnix(text: string, unitMs: number): string | null {
  const ms = /^\d{1,15}(\.\d{1,3})?$/.test(text) ? Math.round(Number(text) * unitMs) : Number.NaN;
  const instant = new Date(ms);
  return Number.isNaN(instant.getTime()) ? null : instant.toISOString();
}

/** The local time as if it were UTC; null when the text does not match or names a day or hour that does not exist. */
function localMsOf(text: string, format: string): number | null {
  const tokens = format.match(TOKEN) ?? [];
  const match = new RegExp(`^${patternOf(format)}$`).exec(text.trim());
  if (!match) return null;
  const part = new Map(tokens.map((token, at) => [token, match[at + 1]!]));
  const number = (...names: string[]): number =>
    Number(names.map((name) => part.get(name)).find((value) => value !== undefined) ?? 0);
  const [year, month, day] = [number('yyyy'), number('MM', 'M'), number('dd', 'd')];
  const hour = part.has('a') ? hourOfHalf(number('hh', 'h'), part.get('a')!) : number('HH', 'H');
  const [minute, second] = [number('mm'), number('ss')];
  if (hour === null || hour > 23 || minute > 59 || second > 59) return null;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, number('SSS'));
  const read = new Date(ms);
  return read.getUTCFullYear() === year && read.getUTCMonth() === month - 1 ? ms : null;
}

function patternOf(format: string): string {
  const literals = format.split(TOKEN).map((text) => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const tokens = (format.match(TOKEN) ?? []).map(
    (token) => `(${SOURCES[token] ?? (token.length === 2 ? TWO_DIGITS : ONE_OR_TWO)})`,
  );
  return literals.map((literal, at) => literal + (tokens[at] ?? '')).join('');
}

function hourOfHalf(hour: number, half: string): number | null {
  if (hour < 1 || hour > 12) return null;
  return (hour % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
}
