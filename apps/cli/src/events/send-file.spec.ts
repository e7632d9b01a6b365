import fc from 'fast-check';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEventFile } from './event-file.js';
import type { BatchFate } from './ingest-client.js';
import { sendFile } from './send-file.js';

interface Event {
  id: string;
  subject: string;
  isBad?: boolean;
}

/** A receiver that keeps what it gets, in order, and can be cut off after some requests: what it took then goes unanswered. */
class Receiver {
  readonly got: Event[] = [];
  private answered = 0;
  private asked = 0;

  constructor(private readonly cutAfter = Number.POSITIVE_INFINITY) {}

  send = async (events: readonly string[]): Promise<BatchFate> => {
    for (let turns = [3, 0, 2, 1][this.asked++ % 4]!; turns >= 0; turns--) await new Promise((resolve) => setImmediate(resolve));
    const read = JSON.parse(`[${events.join(',')}]`) as Event[];
    this.got.push(...read.filter(({ isBad }) => !isBad));
    if (this.answered++ >= this.cutAfter) throw new Error('cut');
    const problem = { code: 'validation-failed', title: 'Validation failed' };
    return {
      results: read.map(({ isBad }, index) => (isBad ? { index, status: 'rejected', problem } : { index, status: 'accepted' })),
    };
  };
}

describe('sending a file', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trueup-cli-'));
    path = join(folder, 'events.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const limits = { maxEvents: 3, maxBodyBytes: 300 };
  const send = async (receiver: Receiver, more: { isRestart?: boolean; target?: string } = {}) =>
    sendFile({
      file: await openEventFile(path),
      target: 'here',
      limits,
      send: receiver.send,
      lanes: 3,
      isRestart: false,
      ...more,
    });
  const rejects = () =>
    (existsSync(`${path}.rejects.ndjson`) ? readFileSync(`${path}.rejects.ndjson`, 'utf8') : '')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { line: number; original: string });

  const eventLines = fc.array(
    fc.record({ customer: fc.integer({ min: 0, max: 5 }), kind: fc.constantFrom('ok', 'ok', 'ok', 'bad', 'garbage', 'blank') }),
    {
      maxLength: 40,
    },
  );
  const forms = fc.constantFrom('ndjson', 'json');
  type Line = { customer: number; kind: string };
  const textOfLine = ({ customer, kind }: Line, at: number): string => {
    if (kind === 'blank') return '';
    return kind === 'garbage'
      ? `{"id":${at}x}`
      : JSON.stringify({ id: `e${at}`, subject: `C${customer}`, ...(kind === 'bad' && { isBad: true }) });
  };
  const write = (lines: readonly Line[], form: string): void => {
    const texts = lines.map(textOfLine);
    writeFileSync(
      path,
      form === 'json' ? `[\n${texts.filter(Boolean).join(',\n')}\n]` : texts.map((text) => `${text}\n`).join(''),
    );
  };
  const soundIds = (lines: readonly Line[]): string[] => lines.flatMap(({ kind }, at) => (kind === 'ok' ? [`e${at}`] : []));

  it('brings each line exactly once, each customer in order, when nothing is cut', async () => {
    await fc.assert(
      fc.asyncProperty(eventLines, forms, async (lines, form) => {
        write(lines, form);
        const receiver = new Receiver();
        const { counts } = await send(receiver, { isRestart: true });
        const byCustomer = [0, 1, 2, 3, 4, 5].flatMap((n) =>
          receiver.got.filter(({ subject }) => subject === `C${n}`).map(({ id }) => id),
        );
        const expected = [0, 1, 2, 3, 4, 5].flatMap((n) =>
          lines.flatMap(({ customer, kind }, at) => (kind === 'ok' && customer === n ? [`e${at}`] : [])),
        );
        expect(byCustomer).toEqual(expected);
        expect(counts.accepted).toBe(expected.length);
      }),
      { numRuns: 60 },
    );
  });

  it('brings every line at least once under the same id, and each reject once, wherever it is cut and resumed', async () => {
    await fc.assert(
      fc.asyncProperty(
        eventLines,
        forms,
        fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
        async (lines, form, cuts) => {
          write(lines, form);
          rmSync(`${path}.trueup-progress`, { force: true });
          rmSync(`${path}.rejects.ndjson`, { force: true });
          const got: string[] = [];
          for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
            const receiver = new Receiver(cut);
            const hasEnded = await send(receiver).then(
              () => true,
              (error: Error) => error.message !== 'cut' && Promise.reject(error),
            );
            got.push(...receiver.got.map(({ id }) => id));
            if (hasEnded) break;
          }
          expect(new Set(got)).toEqual(new Set(soundIds(lines)));
          const bad = lines.filter(({ kind }) => kind === 'bad' || kind === 'garbage').length;
          expect([rejects().length, new Set(rejects().map(({ line }) => line)).size]).toEqual([bad, bad]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('names the lines that were not taken, in the order of the file, with their text', async () => {
    write(
      [
        { customer: 1, kind: 'ok' },
        { customer: 1, kind: 'bad' },
        { customer: 2, kind: 'blank' },
        { customer: 2, kind: 'garbage' },
      ],
      'ndjson',
    );
    await send(new Receiver());
    expect(rejects()).toMatchObject([
      { line: 2, problem: { code: 'validation-failed' }, original: '{"id":"e1","subject":"C1","isBad":true}' },
      { line: 4, problem: { code: 'malformed-body', errors: [{ pointer: '' }] }, original: '{"id":3x}' },
    ]);
  });

  it('refuses to go on when the part that is sent has changed, and sends all of it on a restart', async () => {
    const lines = Array.from({ length: 12 }, () => ({ customer: 1, kind: 'ok' }));
    write(lines, 'ndjson');
    await expect(send(new Receiver(2))).rejects.toThrow('cut');
    writeFileSync(path, readFileSync(path, 'utf8').replace('e0', 'f0'));
    await expect(send(new Receiver())).rejects.toThrow('has changed since');
    const receiver = new Receiver();
    await send(receiver, { isRestart: true });
    expect(receiver.got.length).toBe(12);
  });

  it('reports a line once when an earlier run ended between its report and its note', async () => {
    write(
      Array.from({ length: 12 }, (_, at) => ({ customer: 1, kind: at % 4 === 1 ? 'bad' : 'ok' })),
      'ndjson',
    );
    await expect(send(new Receiver(2))).rejects.toThrow('cut');
    appendFileSync(`${path}.rejects.ndjson`, `${JSON.stringify({ line: 10 })}\n`);
    await send(new Receiver());
    expect(rejects().map(({ line }) => line)).toEqual([2, 6, 10]);
  });

  it('refuses to go on towards another service', async () => {
    write(
      Array.from({ length: 12 }, () => ({ customer: 1, kind: 'ok' })),
      'ndjson',
    );
    await expect(send(new Receiver(2))).rejects.toThrow('cut');
    await expect(send(new Receiver(), { target: 'elsewhere' })).rejects.toThrow('belongs to here');
  });

  it('leaves nothing but the file when every line was taken', async () => {
    write([{ customer: 1, kind: 'ok' }], 'ndjson');
    await send(new Receiver());
    expect([existsSync(`${path}.trueup-progress`), existsSync(`${path}.rejects.ndjson`)]).toEqual([false, false]);
  });

  it('rejects an event that no request could carry, and sends the others', async () => {
    writeFileSync(path, `${JSON.stringify({ id: 'big', subject: 'x'.repeat(400) })}\n{"id":"e1","subject":"C1"}\n`);
    const receiver = new Receiver();
    await send(receiver);
    expect([receiver.got.map(({ id }) => id), rejects().map(({ line }) => line)]).toEqual([['e1'], [1]]);
  });
});
