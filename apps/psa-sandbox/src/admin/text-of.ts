import type { JsonValue } from './record-table.js';

/** A value as text: itself if it is one, '' for null, else its JSON. */
export function textOf(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The calendar day that a wire date begins with. */
export function dayOf(value: JsonValue | undefined): string {
  return textOf(value).slice(0, 10);
}
