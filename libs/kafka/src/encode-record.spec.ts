import kafkajs from 'kafkajs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { encodeRecord } from './encode-record.js';
import { ENCODED_RECORDS, registerEncodedRecords } from './encoded-records-codec.js';
import { placeRecord } from './placed-record.js';

interface ClientRecord {
  offsetDelta: number;
  key?: string | null;
  value: Buffer | string | null;
  headers?: Record<string, string>;
}

// The client's own encoder is the reference.
const clientRecord = createRequire(import.meta.url)('kafkajs/src/protocol/recordBatch/record/v0') as (record: ClientRecord) => {
  buffer: Buffer;
};

const anyRecord = fc.record({
  key: fc.string({ unit: 'binary' }),
  value: fc.option(fc.string({ unit: 'binary', maxLength: 300 })),
  headers: fc.dictionary(fc.string({ minLength: 1 }), fc.string({ unit: 'binary', maxLength: 200 })),
  offsetDelta: fc.nat(100_000),
});
const ours = ({ offsetDelta, ...record }: ClientRecord & { key: string }): Buffer =>
  encodeRecord(placeRecord('provisioning.events.v1', { partitionBy: 'k', ...record }), offsetDelta);

describe('an encoded record', () => {
  it('is byte for byte what the client would write', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        expect(ours(record)).toEqual(clientRecord(record).buffer);
      }),
    );
  });

  it('never needs more room than its placing says', () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const placed = placeRecord('provisioning.events.v1', { partitionBy: 'k', ...record });
        expect(placed.bytes + 5).toBeGreaterThanOrEqual(encodeRecord(placed, record.offsetDelta).length);
      }),
    );
  });

  it('comes out of the shells of the client as it went in', async () => {
    registerEncodedRecords();
    const codec = (
      kafkajs.CompressionCodecs as unknown as Record<number, () => { compress(encoding: { buffer: Buffer }): Promise<Buffer> }>
    )[ENCODED_RECORDS]!();
    await fc.assert(
      fc.asyncProperty(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), async (records) => {
        const encoded = records.map(ours);
        const shells = Buffer.concat(encoded.map((value, offsetDelta) => clientRecord({ offsetDelta, value }).buffer));
        expect(await codec.compress({ buffer: shells })).toEqual(Buffer.concat(encoded));
      }),
    );
  });
});
