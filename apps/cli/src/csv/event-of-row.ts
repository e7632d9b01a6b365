import type { LineProblem } from '../events/draft.js';
import { readCellTime } from './cell-time.js';
import type { MappingProfile } from './mapping-profile.js';

export interface CsvRow {
  titles: readonly string[];
  cells: readonly string[];
  line: number;
  /** Used unless the profile fills `id`. */
  id: string;
}

type Event = Record<string, unknown>;
type Errors = NonNullable<LineProblem['errors']>;

/**
 * One row as an event. Empty cells leave their field out; `sourceseq` is the line unless the profile fills it, so that rows of one
 * moment keep their order.
 */
export function eventOfRow(profile: MappingProfile, row: CsvRow): { event: Event } | { errors: Errors } {
  const event: Event = { specversion: '1.0', id: row.id, sourceseq: String(row.line), data: {} };
  const errors: Errors = [];
  for (const [field, value] of Object.entries(profile.constants)) put(event, field, value);
  row.titles.forEach((column, at) => {
    const cell = row.cells[at]!.trim();
    const fields = Object.hasOwn(profile.columns, column) ? [profile.columns[column]!].flat() : [];
    for (const field of cell === '' ? [] : fields) {
      const meaning = meaningOf(profile, field, cell);
      if ('value' in meaning) put(event, field, meaning.value);
      else errors.push({ pointer: pointerOf(field), detail: meaning.fault, column });
    }
  });
  return errors.length > 0 ? { errors } : { event };
}

function meaningOf(profile: MappingProfile, field: string, cell: string): { value: string } | { fault: string } {
  const translations = profile.values[field];
  if (translations) {
    return Object.hasOwn(translations, cell)
      ? { value: translations[cell]! }
      : { fault: `"${cell}" is not among the values of the profile (${Object.keys(translations).join(', ')})` };
  }
  if (field !== 'time') return { value: cell };
  const time = readCellTime(cell, profile.time);
  return time === null ? { fault: `"${cell}" is no time of the form ${profile.time.format}` } : { value: time };
}

function put(event: Event, field: string, value: string | null): void {
  if (field.startsWith('data.')) (event['data'] as Event)[field.slice('data.'.length)] = value;
  else event[field] = value;
}

/** The JSON pointer of a field: `data.userCode` → `/data/userCode`. */
export function pointerOf(field: string): string {
  return `/${field.replace('.', '/')}`;
}
