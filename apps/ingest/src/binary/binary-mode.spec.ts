import { fromEventRecord } from '@trueup/contracts';
import fc from 'fast-check';
import 'reflect-metadata';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IngestAnswer } from '../ingest-answer.js';
import { BINARY, type IngestInMemory, ingestInMemory, send, SINGLE } from '../ingest-in-memory.behaviour.js';
import { sampleEvent } from '../sample-events.behaviour.js';
import { readHeaderText } from './read-header-text.js';

const { data, ...attributes } = sampleEvent({
  actorname: 'Zoë "Z" 100 %\u{1F600}',
  traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
});
const headersOf = (event: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(event).map(([name, value]) => [`ce-${name}`, encodeURIComponent(String(value))]));

describe('binary mode', () => {
  let ingest: IngestInMemory;
  beforeEach(async () => {
    ingest = await ingestInMemory();
  });
  afterEach(() => ingest.app.close());

  const pointersOf = (answer: IngestAnswer) => answer.results[0]!.problem?.errors?.map(({ pointer }) => pointer);

  it('publishes the same event as the structured form', async () => {
    const binary = await send(ingest, data, BINARY, headersOf(attributes));
    const structured = await send(ingest, { ...attributes, data }, SINGLE);
    const [first, second] = ingest.written().map((record) => fromEventRecord(record));

    expect([binary.statusCode, structured.statusCode]).toEqual([202, 202]);
    expect(first).toEqual(second);
  });

  it('takes attributes in quotes, with escapes, as older senders write them', () => {
    expect([
      readHeaderText('"a \\"b\\" c"'),
      readHeaderText('"a%20b"'),
      readHeaderText('plain'),
      readHeaderText('"open'),
    ]).toEqual(['a "b" c', 'a b', 'plain', '"open']);
  });

  it('decodes whatever text was encoded, once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(readHeaderText(encodeURIComponent(text))).toBe(text);
      }),
    );
  });

  it.each([
    ['a percent sign alone', '100%'],
    ['half a character', '%C3'],
    ['an overlong form', '%C0%80'],
    ['an encoded surrogate', '%ED%A0%80'],
    ['bytes outside ASCII', 'Zo\u00eb'],
    ['an encoded line break', 'a%0D%0Ab'],
    ['an encoded NUL', 'a%00b'],
  ])('points to an attribute that holds %s', async (_what, value) => {
    const response = await send(ingest, data, BINARY, { ...headersOf(attributes), 'ce-actorname': value });

    expect([response.statusCode, pointersOf(response.json()), ingest.written().length]).toEqual([422, ['/actorname'], 0]);
  });

  it.each([
    ['a missing id', { 'ce-id': undefined }, '/id'],
    ['the data as a header', { 'ce-data': '{}' }, '/data'],
    ['the content type as an attribute', { 'ce-datacontenttype': 'text/xml' }, '/datacontenttype'],
    ['an attribute named __proto__', { 'ce-__proto__': 'x' }, '/__proto__'],
    ['an attribute named constructor-', { 'ce-constructor-': 'x' }, '/constructor-'],
  ])('points to %s', async (_what, changes, pointer) => {
    const headers = Object.fromEntries(
      Object.entries({ ...headersOf(attributes), ...changes }).filter(([, value]) => value !== undefined),
    );
    const response = await send(ingest, data, BINARY, headers as Record<string, string>);

    expect([response.statusCode, pointersOf(response.json()), ingest.written().length]).toEqual([422, [pointer], 0]);
  });

  it('points to a repeated name in the data, and to data that is missing', async () => {
    const repeated = await send(
      ingest,
      '{"userCode":"a","userCode":"b","serviceCode":"m","serviceName":"M"}',
      BINARY,
      headersOf(attributes),
    );
    const missing = await send(ingest, '', BINARY, headersOf(attributes));

    expect([pointersOf(repeated.json()), pointersOf(missing.json())]).toEqual([['/data/userCode'], ['/data']]);
  });

  it('takes plain JSON without event headers for what it is', async () => {
    const response = await send(ingest, { ...attributes, data }, BINARY);

    expect([response.statusCode, response.json<{ errors: { pointer: string }[] }>().errors[0]!.pointer]).toEqual([
      415,
      '/content-type',
    ]);
  });
});
