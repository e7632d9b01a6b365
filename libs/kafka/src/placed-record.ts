import { partitionOf } from '@trueup/contracts';
import { byteLength } from './byte-length.js';
import type { OutRecord } from './log-record.js';

/** A record that knows its partition and its size on the wire. */
export interface PlacedRecord {
  topic: string;
  partition: number;
  key: string;
  value: string | Buffer | null;
  headers: Record<string, string>;
  bytes: number;
}

/** Framing of one record and of one header; generous, because a send that is too large fails as a whole. */
const RECORD_OVERHEAD_BYTES = 40;
const HEADER_OVERHEAD_BYTES = 8;

/** Decides partition and size once. `bytes` is never less than what the record needs. */
export function placeRecord(topic: string, record: OutRecord): PlacedRecord {
  const { value } = record;
  const headers = record.headers ?? {};
  return {
    topic,
    partition: partitionOf(topic, record.partitionBy),
    key: record.key,
    value,
    headers,
    bytes: RECORD_OVERHEAD_BYTES + record.key.length * 3 + (value === null ? 0 : Buffer.byteLength(value)) + headerBytes(headers),
  };
}

function headerBytes(headers: Record<string, string>): number {
  let bytes = 0;
  for (const name in headers) bytes += HEADER_OVERHEAD_BYTES + name.length * 3 + byteLength(headers[name]!);
  return bytes;
}
