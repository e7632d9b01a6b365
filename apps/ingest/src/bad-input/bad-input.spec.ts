import fc from 'fast-check';
import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IngestAnswer } from '../ingest-answer.js';
import { BATCH, type IngestInMemory, ingestInMemory, SINGLE } from '../ingest-in-memory.behaviour.js';
import { sampleEvent } from '../sample-events.behaviour.js';
import { type BadEvent, badEvents } from './bad-events.behaviour.js';
import { type RawAnswer, rawRequest, sendRaw } from './raw-http.behaviour.js';

interface ProblemBody {
  code: string;
  status: number;
  errors: { pointer: string }[];
}

describe('bad input at the port', () => {
  let ingest: IngestInMemory;
  let port: number;
  let good = 0;

  beforeAll(async () => {
    ingest = await ingestInMemory({}, { timeouts: { headersMs: 300, requestMs: 600 } });
    await ingest.app.listen(0, '127.0.0.1');
    port = Number(new URL(await ingest.app.getUrl()).port);
  });
  afterAll(() => ingest.app.close());

  const headersFor = (contentType: string): string[] => ['Authorization: Bearer good', `Content-Type: ${contentType}`];
  const post = (body: string | Buffer, contentType = SINGLE): Promise<RawAnswer> =>
    sendRaw(port, rawRequest(headersFor(contentType), body));
  const problemOf = (answer: RawAnswer): ProblemBody => {
    expect(answer.head).toContain('content-type: application/problem+json');
    return JSON.parse(answer.body) as ProblemBody;
  };
  const expectNothingBroke = async (): Promise<void> => {
    const answer = await post(JSON.stringify(sampleEvent({ id: `good-${++good}` })));
    expect([answer.status, ingest.written().length]).toEqual([202, good]);
  };

  it.each(badEvents)('points to the fault of an event with %s, and takes the next good one', async (_what, text, pointer) => {
    const answer = await post(text);
    const { results } = JSON.parse(answer.body) as IngestAnswer;

    expect([answer.status, results[0]!.problem!.errors!.map((error) => error.pointer)]).toEqual([
      422,
      expect.arrayContaining([pointer]),
    ]);
    await expectNothingBroke();
  });

  it('finds every one of them in one batch, and takes the good one between', async () => {
    const middle = Math.floor(badEvents.length / 2);
    const texts = badEvents.map(([, text]) => text).toSpliced(middle, 0, JSON.stringify(sampleEvent({ id: `good-${++good}` })));
    const answer = await post(`[${texts.join(',')}]`, BATCH);
    const { results, ...counts } = JSON.parse(answer.body) as IngestAnswer;

    expect([answer.status, counts]).toEqual([207, { accepted: 1, duplicate: 0, rejected: badEvents.length }]);
    expect([results[middle]!.status, ingest.written().length]).toEqual(['accepted', good]);
    const pointers = results.toSpliced(middle, 1).map(({ problem }) => problem!.errors!.map(({ pointer }) => pointer));
    expect(pointers.filter((found, i) => !found.includes(badEvents[i]![2]))).toEqual([]);
  });

  const sound = JSON.stringify(sampleEvent());
  const badRequests: [what: string, headers: string[], body: string | Buffer, status: number, pointer: string | null][] = [
    ['a byte order mark', headersFor(SINGLE), `\uFEFF${sound}`, 400, ''],
    ['UTF-16', headersFor(SINGLE), Buffer.from(sound, 'utf16le'), 400, ''],
    ['Latin-1', headersFor(SINGLE), Buffer.from(sound.replace('Mail', 'Mäil'), 'latin1'), 400, ''],
    ['a body cut short', headersFor(SINGLE), sound.slice(0, -5), 400, ''],
    ['two bodies', headersFor(SINGLE), sound + sound, 400, ''],
    ['NDJSON for a batch', headersFor(BATCH), `${sound}\n${sound}`, 400, ''],
    ['NaN', headersFor(SINGLE), sound.replace('"1.0"', 'NaN'), 400, ''],
    ['a comment', headersFor(SINGLE), `/* */${sound}`, 400, ''],
    ['a trailing comma', headersFor(SINGLE), sound.replace(/\}$/, ',}'), 400, ''],
    ['a list 100,000 deep', headersFor(BATCH), '['.repeat(100_000), 400, ''],
    ['a repeated name outside of any event', headersFor(BATCH), '{"a":1,"a":1}', 400, ''],
    ['XML', headersFor('application/xml'), '<x/>', 415, '/content-type'],
    ['a form', headersFor('application/x-www-form-urlencoded'), 'a=b', 415, '/content-type'],
    ['no content type', ['Authorization: Bearer good'], sound, 415, '/content-type'],
    ['a type that only begins well', headersFor(`${SINGLE}x`), sound, 415, '/content-type'],
    ['another charset', headersFor(`${SINGLE}; charset=iso-8859-1`), sound, 415, '/content-type'],
    ['two charsets', headersFor(`${SINGLE}; charset=utf-8; charset=utf-16`), sound, 415, '/content-type'],
    ['gzip', [...headersFor(SINGLE), 'Content-Encoding: gzip'], sound, 415, '/content-encoding'],
    ['two content types', [...headersFor(SINGLE), `Content-Type: ${BATCH}`], sound, 400, '/content-type'],
    ['two tokens', [...headersFor(SINGLE), 'Authorization: Bearer other'], sound, 400, '/authorization'],
    ['two lengths', [...headersFor(SINGLE), 'Content-Length: 3'], sound, 400, null],
    ['a length that is no number', ['Content-Length: x'], sound, 400, null],
    ['a length and chunks', [...headersFor(SINGLE), 'Transfer-Encoding: chunked'], sound, 400, null],
    ['a header line without a name', [...headersFor(SINGLE), ': x'], sound, 400, null],
    ['a NUL in a header', [...headersFor(SINGLE), 'X-Note: a\u0000b'], sound, 400, null],
    ['headers of 20 KiB', [...headersFor(SINGLE), `X-Note: ${'x'.repeat(20_480)}`], sound, 431, null],
    ['an event above 256 KiB', headersFor(SINGLE), `${sound}${' '.repeat(262_144)}`, 413, ''],
  ];
  it.each(badRequests)(
    'refuses %s with a problem, and takes the next good event',
    async (_what, headers, body, status, pointer) => {
      const answer = await sendRaw(port, rawRequest(headers, body));
      const problem = problemOf(answer);

      expect([answer.status, problem.status]).toEqual([status, status]);
      expect(problem.errors?.[0]?.pointer ?? null).toBe(pointer);
      await expectNothingBroke();
    },
  );

  it.each([
    ['/v1/events?atomic=true&atomic=true', 400, '/atomic'],
    ['/v1/events?atomic=true&atomic=false', 400, '/atomic'],
    ['/v1/events?atomic=1', 400, '/atomic'],
    ['/v1/events?atomic', 400, '/atomic'],
    ['/v1/events?atomic[]=true', 400, '/atomic[]'],
    ['/v1/events?__proto__=x', 400, '/__proto__'],
    ['/v1/events?limit=3', 400, '/limit'],
    ['/v1/%zz', 400, ''],
    ['/v1/events/..%2f', 404, null],
  ])('answers %s with a problem', async (target, status, pointer) => {
    const problem = problemOf(await sendRaw(port, rawRequest(headersFor(SINGLE), sound, target)));

    expect([problem.status, problem.errors?.[0]?.pointer ?? null]).toEqual([status, pointer]);
    await expectNothingBroke();
  });

  it('refuses an event above 256 KiB inside a batch, and takes its neighbour', async () => {
    const large = sampleEvent({ id: 'large', note: 'x'.repeat(262_144) });
    const answer = await post(JSON.stringify([large, sampleEvent({ id: `good-${++good}` })]), BATCH);

    expect([answer.status, (JSON.parse(answer.body) as IngestAnswer).results.map(({ status }) => status)]).toEqual([
      207,
      ['rejected', 'accepted'],
    ]);
    await expectNothingBroke();
  });

  it.each([
    ['headers that do not end', 'POST /v1/events HTTP/1.1\r\nHost: here\r\nX-A: 1\r\n'],
    ['a body that does not come', rawRequest(headersFor(SINGLE), sound).subarray(0, -20)],
  ])('hangs up on %s', async (_what, bytes) => {
    const answer = await sendRaw(port, bytes);

    expect([answer.status, problemOf(answer).code]).toEqual([408, 'malformed-body']);
    await expectNothingBroke();
  });

  it('answers whatever JSON comes with a 4xx, and never breaks', async () => {
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 6 }),
      fc.record({ ...generated(), ext: fc.jsonValue() }, { requiredKeys: [] }),
    );
    await fc.assert(
      fc.asyncProperty(anything, fc.constantFrom(SINGLE, BATCH), async (value, contentType) => {
        const answer = await post(JSON.stringify(value), contentType);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }),
      { numRuns: 150 },
    );
    await expectNothingBroke();
  });

  it('answers whatever bytes come with a 4xx, and never breaks', async () => {
    const bytes = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((array) => Buffer.from(array));
    await fc.assert(
      fc.asyncProperty(bytes, fc.constantFrom(SINGLE, BATCH), async (body, contentType) => {
        expect((await post(body, contentType)).status).toBe(400);
      }),
      { numRuns: 100 },
    );
    await expectNothingBroke();
  });

  /** Members of an event, each now sound and now anything; `type` never. */
  function generated(): Record<string, fc.Arbitrary<unknown>> {
    const { type: _type, ...rest } = sampleEvent();
    return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, fc.oneof(fc.constant(value), fc.jsonValue())]));
  }
});

describe('the table of bad events', () => {
  it('holds hundreds of forms, none of them twice', () => {
    expect(new Set(badEvents.map(([what]: BadEvent) => what)).size).toBe(badEvents.length);
    expect(badEvents.length).toBeGreaterThan(300);
  });
});
