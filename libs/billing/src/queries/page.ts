/** Which part of a list: at most `limit` rows after the one that `cursor` names; no cursor for the first part. */
export interface PageRequest {
  limit: number;
  cursor?: string;
}

/** A part of a list; `nextCursor` is null on the last. */
export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

/** The text is no cursor of this list: an answer of 400, not a fault. */
export class MalformedCursor extends Error {
  constructor() {
    super('the cursor is not one that this list gave out');
    this.name = 'MalformedCursor';
  }
}

/** The key of the last row seen, or undefined for the first page. Throws MalformedCursor. */
export function keyOfCursor(cursor: string | undefined, parts: number): string[] | undefined {
  if (cursor === undefined) return undefined;
  const key = parsed(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!Array.isArray(key) || key.length !== parts || !key.every(isStorable)) throw new MalformedCursor();
  return key;
}

/** Cuts the one row too many that tells whether there is a next page. */
export function pageOf<R, T>(rows: readonly R[], limit: number, keyOf: (row: R) => string[], toData: (row: R) => T): Page<T> {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  const nextCursor = last === undefined ? null : Buffer.from(JSON.stringify(keyOf(last))).toString('base64url');
  return { data: shown.map(toData), nextCursor };
}

const isStorable = (part: unknown): part is string => typeof part === 'string' && !part.includes('\u0000');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no cursor of ours
  }
}
