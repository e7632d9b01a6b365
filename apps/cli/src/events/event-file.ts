import { createReadStream, openSync, readSync, closeSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { createHash } from 'node:crypto';
import { canonicalJson } from '@trueup/contracts';
import { csvDrafter } from '../csv/csv-drafter.js';
import { pointerOf } from '../csv/event-of-row.js';
import type { MappingProfile } from '../csv/mapping-profile.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { bad, type Draft, draftOfJson, textOf } from './draft.js';
import { type Piece, piecesOf, type RecordEnds } from './piece.js';
import { arrayElementEnds, csvRowEnds, lineEnds } from './record-ends.js';

export const FILE_FORMATS = ['ndjson', 'json', 'csv'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** A file of events: how it is cut into records and what each record is. */
export interface EventFile {
  path: string;
  format: FileFormat;
  sizeBytes: number;
  /** Changes with everything that decides which events the same bytes are. */
  reading: string;
  pieces(offset: number, line: number): AsyncGenerator<Piece>;
  draft(piece: Piece): Draft;
  /** The CSV column that fills what a JSON pointer points at. */
  columnOf(pointer: string): string | undefined;
}

/** Opens a file in the named form, else in the one that its name and first character tell. */
export async function openEventFile(path: string, format?: FileFormat, profile?: MappingProfile): Promise<EventFile> {
  const sizeBytes = sizeOf(path);
  const chosen = format ?? (profile ? 'csv' : formatOf(path));
  if ((chosen === 'csv') !== (profile !== undefined)) throw profileMismatch(path, chosen);
  const ends = (offset: number): RecordEnds => endsOf(chosen, offset, profile);
  const pieces = (offset: number, line: number): AsyncGenerator<Piece> =>
    piecesOf(createReadStream(path, { start: offset }), ends(offset), line);
  const draft = profile ? await csvDrafter(profile, pieces(0, 1)) : draftOfJson;
  const reading = createHash('sha256')
    .update(`${chosen}\n${canonicalJson(profile ?? null)}`)
    .digest('hex')
    .slice(0, 16);
  const columns = new Map(
    Object.entries(profile?.columns ?? {}).flatMap(([column, fields]) =>
      [fields].flat().map((field) => [pointerOf(field), column]),
    ),
  );
  return {
    ...{ path, format: chosen, sizeBytes, reading, pieces },
    draft: (piece) => draftOf(piece, chosen, draft),
    columnOf: (pointer) => columns.get(pointer),
  };
}

function endsOf(format: FileFormat, offset: number, profile?: MappingProfile): RecordEnds {
  if (format === 'csv') return csvRowEnds(profile!.delimiter);
  return format === 'json' ? arrayElementEnds(offset > 0) : lineEnds();
}

function draftOf(piece: Piece, format: FileFormat, draft: (text: string, line: number) => Draft): Draft {
  const text = recordText(piece, format);
  if (text === null) return bad('malformed-body', [{ pointer: '', detail: 'Must be UTF-8' }]);
  return text.trim() === '' ? { kind: 'blank' } : draft(text, piece.line);
}

/** The record without what separates it from the next; null when it is not UTF-8. */
export function recordText({ raw, isClosed }: Piece, format: FileFormat): string | null {
  const text = textOf(format === 'json' && isClosed ? raw.subarray(0, -1) : raw);
  return format === 'csv' ? (text?.replace(/\r?\n$/, '') ?? null) : (text?.trim() ?? null);
}

function formatOf(path: string): FileFormat {
  const extension = extname(path).toLowerCase();
  if (extension === '.csv') return 'csv';
  return firstCharacter(path) === '[' ? 'json' : 'ndjson';
}

function firstCharacter(path: string): string {
  const head = Buffer.alloc(4096);
  const file = openSync(path, 'r');
  const read = readSync(file, head, 0, head.length, 0);
  closeSync(file);
  return (textOf(head.subarray(0, read)) ?? head.toString('latin1')).trimStart().charAt(0);
}

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new Failure(EXIT.usage, `There is no file ${path}`);
  if (!found.isFile()) throw new Failure(EXIT.usage, `${path} is no regular file; sending could not be resumed`);
  return found.size;
}

function profileMismatch(path: string, format: FileFormat): Failure {
  return format === 'csv'
    ? new Failure(EXIT.usage, `${path} is CSV: which column is what?`, {
        remedy: 'Give --profile FILE; see "trueup events send --help".',
      })
    : new Failure(EXIT.usage, `--profile is for CSV, and ${path} is read as ${format}`);
}
