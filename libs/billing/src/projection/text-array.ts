const TEXT_OID = 25;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

/**
 * A `text[]` parameter in PostgreSQL's binary form. As text every quote and backslash of every element is escaped here and read one
 * character at a time there; of documents that is most of what a statement costs on both sides.
 */
export function textArray(values: readonly (string | null)[]): Buffer {
  const lengths = values.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const buffer = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + LENGTH_BYTES + length, HEADER_BYTES));
  let at = writeHeader(buffer, values.length, values.includes(null));
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    at = buffer.writeInt32BE(value === null ? NULL_LENGTH : lengths[index]!, at);
    if (value !== null) at += buffer.write(value, at, lengths[index]!, 'utf8');
  }
  return buffer;
}

/** Documents as a `text[]`, to be cast to `json[]` element by element. */
export const jsonTexts = (documents: readonly unknown[]): Buffer =>
  textArray(documents.map((document) => JSON.stringify(document)));

function writeHeader(buffer: Buffer, count: number, hasNull: boolean): number {
  let at = buffer.writeInt32BE(1, 0); // dimensions
  at = buffer.writeInt32BE(hasNull ? 1 : 0, at);
  at = buffer.writeInt32BE(TEXT_OID, at);
  at = buffer.writeInt32BE(count, at);
  return buffer.writeInt32BE(1, at); // lower bound
}
