import { createHash } from 'node:crypto';
import { canonicalJson } from '@trueup/contracts';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { bad, type Draft } from '../events/draft.js';
import { textOf } from '../events/draft.js';
import type { Piece } from '../events/piece.js';
import { cellsOf } from './csv-cells.js';
import { eventOfRow } from './event-of-row.js';
import type { MappingProfile } from './mapping-profile.js';

/** Turns a row (its text and line) of a file with these columns into an event; reads the head of `pieces` for the column titles. */
export async function csvDrafter(
  profile: MappingProfile,
  pieces: AsyncGenerator<Piece>,
): Promise<(text: string, line: number) => Draft> {
  const header = await headerOf(pieces);
  const titles = titlesOf(header.text, profile);
  const profileHash = hashOf(canonicalJson(profile));
  return (text, line) => {
    if (line === header.line) return { kind: 'blank' };
    const cells = cellsOf(text, profile.delimiter);
    if ('fault' in cells) return bad('malformed-body', [{ pointer: '', detail: cells.fault }]);
    if (cells.row.length !== titles.length)
      return bad('validation-failed', [{ pointer: '', detail: widthFault(cells.row, titles) }]);
    return draftOfRow(profile, { titles, cells: cells.row, line, id: idOf(profileHash, text, line) });
  };
}

function draftOfRow(profile: MappingProfile, row: Parameters<typeof eventOfRow>[1]): Draft {
  const made = eventOfRow(profile, row);
  if ('errors' in made) return bad('validation-failed', made.errors);
  const { event } = made;
  return { kind: 'event', json: JSON.stringify(event), subject: String(event['subject'] ?? ''), value: event };
}

/** The same row of the same file under the same profile is the same event, however often it is sent. */
function idOf(profileHash: string, text: string, line: number): string {
  return `csv-${hashOf(`${profileHash}\n${line}\n${text}`).slice(0, 40)}`;
}

function hashOf(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

async function headerOf(pieces: AsyncGenerator<Piece>): Promise<{ text: string; line: number }> {
  for await (const piece of pieces) {
    const text = textOf(piece.raw)?.replace(/\r?\n$/, '');
    if (text === undefined) throw new Failure(EXIT.usage, 'The CSV file must be UTF-8');
    if (text.trim() !== '') return { text, line: piece.line };
  }
  throw new Failure(EXIT.usage, 'The CSV file is empty: its first row must name the columns');
}

function titlesOf(text: string, profile: MappingProfile): string[] {
  const cells = cellsOf(text, profile.delimiter);
  if ('fault' in cells) throw new Failure(EXIT.usage, `The first row of the CSV file cannot be read: ${cells.fault}`);
  const titles = cells.row.map((title) => title.trim());
  const missing = Object.keys(profile.columns).filter((title) => !titles.includes(title));
  if (missing.length === 0) return titles;
  throw new Failure(EXIT.usage, `The CSV file has no column ${missing.map((title) => `"${title}"`).join(', ')}`, {
    details: [`its columns: ${titles.join(', ')}`],
    remedy: 'Correct the titles or the delimiter in the profile.',
  });
}

function widthFault(row: readonly string[], titles: readonly string[]): string {
  return `Must have ${titles.length} cells as the first row has, not ${row.length}`;
}
