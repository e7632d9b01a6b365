import kafkajs from 'kafkajs';

/** What kafkajs hands to a codec: its own encoding of the records of one partition. */
interface ClientEncoding {
  buffer: Buffer;
}

/**
 * A "compression" that is none. kafkajs looks codecs up by this number, and writes its lowest three bits, which are zero, into the
 * batch: so readers see an uncompressed batch, whose records are those that `encodeRecord` made.
 */
export const ENCODED_RECORDS = 8;

/** Teaches kafkajs the codec. Every message must carry one encoded record as its value, no key and no headers. */
export function registerEncodedRecords(): void {
  const codecs = kafkajs.CompressionCodecs as unknown as Record<number, () => object>;
  codecs[ENCODED_RECORDS] = () => ({ compress: (encoding: ClientEncoding) => Promise.resolve(unwrap(encoding.buffer)) });
}

/** Takes our records out of the client's shells: length, attributes, timestamp delta, offset delta, null key, value, no headers. */
function unwrap(shells: Buffer): Buffer {
  const records = Buffer.allocUnsafe(shells.length);
  let end = 0;
  let at = 0;
  while (at < shells.length) {
    at = skipVarInt(shells, at) + 1; // length, attributes
    for (let field = 0; field < 3; field++) at = skipVarInt(shells, at); // timestamp delta, offset delta, key length -1
    const valueAt = skipVarInt(shells, at);
    const valueEnd = valueAt + readVarInt(shells, at);
    end += shells.copy(records, end, valueAt, valueEnd);
    at = valueEnd + 1; // header count 0
  }
  return records.subarray(0, end);
}

function skipVarInt(buffer: Buffer, start: number): number {
  let at = start;
  while (buffer[at]! > 0x7f) at += 1;
  return at + 1;
}

function readVarInt(buffer: Buffer, start: number): number {
  let value = 0;
  let shift = 0;
  for (let at = start; ; at++) {
    const byte = buffer[at]!;
    value |= (byte & 0x7f) << shift;
    shift += 7;
    if (byte <= 0x7f) return (value >>> 1) ^ -(value & 1);
  }
}
