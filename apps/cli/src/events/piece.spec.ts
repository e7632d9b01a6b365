import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recordText } from './event-file.js';
import { EndlessRecord, type Piece, piecesOf } from './piece.js';
import { arrayElementEnds, csvRowEnds, lineEnds } from './record-ends.js';

async function* chunksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  await Promise.resolve();
}

async function pieces(text: string, ends: Parameters<typeof piecesOf>[1], chunkSize = 7): Promise<Piece[]> {
  const found: Piece[] = [];
  for await (const piece of piecesOf(chunksOf(Buffer.from(text), chunkSize), ends)) found.push(piece);
  return found;
}

const seen = (found: readonly Piece[], format: 'ndjson' | 'json' | 'csv'): [number, string | null][] =>
  found.map((piece): [number, string | null] => [piece.line, recordText(piece, format)]).filter(([, text]) => text !== '');

describe('the pieces of a file', () => {
  it('are its lines, whatever ends them', async () => {
    const found = await pieces('{"a":1}\r\n\n  {"b":2}\n{"c":3}', lineEnds());
    expect(seen(found, 'ndjson')).toEqual([
      [1, '{"a":1}'],
      [3, '{"b":2}'],
      [4, '{"c":3}'],
    ]);
  });

  it('are the elements of an array, with the line on which each begins', async () => {
    const found = await pieces('[\n  {"a": "x],{"},\n  {"b": [1,\n2]}\n]\n', arrayElementEnds(false));
    expect(seen(found, 'json')).toEqual([
      [2, '{"a": "x],{"}'],
      [3, '{"b": [1,\n2]}'],
    ]);
  });

  it('are CSV rows, whose quoted cells may hold line breaks and whose other quotes are text', async () => {
    const found = await pieces('\u{FEFF}"A";B\r\n"x\n""y""";1\r\n5" disk;2\n6" disk;3\n', csvRowEnds(';'));
    expect(seen(found, 'csv')).toEqual([
      [1, '"A";B'],
      [2, '"x\n""y""";1'],
      [4, '5" disk;2'],
      [5, '6" disk;3'],
    ]);
  });

  it('are together the whole file, for any bytes and any chunks', async () => {
    const ends = fc.constantFrom(
      lineEnds,
      () => arrayElementEnds(false),
      () => csvRowEnds(','),
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), ends, async (bytes, size, make) => {
        const found: Buffer[] = [];
        for await (const { raw } of piecesOf(chunksOf(Buffer.from(bytes), size), make())) found.push(raw);
        expect(Buffer.concat(found)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('end with a fault that names the line when a record never ends', async () => {
    const endless = Buffer.from(`a,b\n"${'x'.repeat(17 * 1_048_576)}`);
    const reading = (async () => {
      for await (const _ of piecesOf(chunksOf(endless, 1_048_576), csvRowEnds(','))) continue;
    })();
    await expect(reading).rejects.toThrow(new EndlessRecord(2));
  });
});
