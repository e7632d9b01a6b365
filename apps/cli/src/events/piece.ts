/** A stretch of the file that holds one record or only what stands between records; all pieces together are the file. */
export interface Piece {
  /** Line of the first character that is not blank; the first line is 1. */
  line: number;
  /** Line on which the next piece begins. */
  nextLine: number;
  /** Every byte of the stretch. */
  raw: Buffer;
  /** Whether it ends where its format says, and not because the file ends. */
  isClosed: boolean;
}

/** Tells byte by byte where a record ends; starts anew after each. */
export interface RecordEnds {
  isEnd(byte: number): boolean;
}

/** A record larger than any event means that the file is of another form, or cut open by a stray quote. */
const LARGEST_BYTES = 16 * 1_048_576;
const LF = 0x0a;

/** A stretch without any end to it. */
export class EndlessRecord extends Error {
  override readonly name = 'EndlessRecord';

  constructor(readonly line: number) {
    super(`The record that begins on line ${line} does not end within ${LARGEST_BYTES / 1_048_576} MiB`);
  }
}

/** Cuts a stream of bytes, which begins on line `firstLine`, into pieces. Throws EndlessRecord. */
export async function* piecesOf(chunks: AsyncIterable<Buffer>, ends: RecordEnds, firstLine = 1): AsyncGenerator<Piece> {
  let parts: Buffer[] = [];
  let size = 0;
  let nextLine = firstLine;
  const piece = (isClosed: boolean): Piece => {
    const raw = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    const line = nextLine;
    nextLine += countLines(raw);
    parts = [];
    size = 0;
    return { line: line + countLines(raw.subarray(0, firstInk(raw))), nextLine, raw, isClosed };
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (!ends.isEnd(chunk[at]!)) continue;
      parts.push(chunk.subarray(start, at + 1));
      start = at + 1;
      yield piece(true);
    }
    if (start < chunk.length) parts.push(chunk.subarray(start));
    size += chunk.length - start;
    if (size > LARGEST_BYTES) throw new EndlessRecord(nextLine);
  }
  if (size > 0) yield piece(false);
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}

function firstInk(bytes: Buffer): number {
  const at = bytes.findIndex((byte) => byte > 0x20);
  return at === -1 ? 0 : at;
}
