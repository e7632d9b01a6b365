import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type IngestInMemory, ingestInMemory } from './ingest-in-memory.behaviour.js';
import { sampleEvent } from './sample-events.behaviour.js';

const examples = join(import.meta.dirname, '../../../docs/examples');
const isHere = (interpreter: string): boolean => spawnSync(interpreter, ['--version']).status === 0;

/** Programs that send a file. Those whose interpreter is absent are named in the output, and count neither as passed nor as failed. */
const programs = [
  { interpreter: 'curl', command: 'sh', program: 'send-events.sh' },
  { interpreter: 'python3', command: 'python3', program: 'send_events.py' },
  { interpreter: 'pwsh', command: 'pwsh', program: 'Send-Events.ps1' },
];
const runnable = programs.filter(({ interpreter }) => isHere(interpreter));
for (const { interpreter, program } of programs.filter((each) => !runnable.includes(each))) {
  process.stderr.write(`NOT EXECUTED: docs/examples/${program}, because ${interpreter} is not installed here\n`);
}

describe('the examples for upstream systems', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trueup-examples-'));
  let ingest: IngestInMemory;
  let url: string;

  beforeAll(() => writeFileSync(join(folder, 'mixed.ndjson'), `${mixed.map((event) => JSON.stringify(event)).join('\n')}\n`));
  beforeEach(async () => start());
  afterEach(() => ingest.app.close());
  afterAll(() => rmSync(folder, { recursive: true }));

  const mixed = Array.from({ length: 7 }, (_, i) =>
    sampleEvent({ id: `e-"${i + 1}"`, ...(i === 4 && { data: {}, subject: 'a\u0000b' }) }),
  );
  const start = async (limits: Parameters<typeof ingestInMemory>[0] = {}): Promise<void> => {
    ingest = await ingestInMemory(limits);
    await ingest.app.listen(0, '127.0.0.1');
    url = await ingest.app.getUrl();
  };
  const run = async (command: string, program: string, file: string, token = 'good') => {
    const env = { ...process.env, TRUEUP_INGEST_URL: url, TRUEUP_EVENTS_TOKEN: token, BATCH_SIZE: '3' };
    const child = spawn(command, [join(examples, program), file], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const text = async (stream: Readable): Promise<string> => (await stream.toArray()).map(String).join('');
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await ended, lines: out.trim().split('\n'), err };
  };

  it.each(runnable)('$program sends the whole example file', async ({ command, program }) => {
    const first = await run(command, program, join(examples, 'events.ndjson'));
    const { code, lines, err } = first;

    expect([code, err]).toEqual([0, '']);
    expect(lines).toEqual(['1 accepted example-1', '2 accepted example-2', '3 accepted example-3']);
    expect(ingest.written().map(({ headers }) => headers['ce_actorname'])).toEqual(['Kim Park', 'Kim Park', 'Zoë Ångström']);
  });

  it.each(runnable)('$program says of each line what became of it, over several batches', async ({ command, program }) => {
    const { code, lines } = await run(command, program, join(folder, 'mixed.ndjson'));

    expect([code, lines.length, ingest.written().length]).toEqual([1, 7, 6]);
    expect(lines.filter((line) => !line.includes('accepted')).map((line) => line.replaceAll('\\', ''))).toEqual([
      '5 rejected e-"5" /subject /data/userCode /data/serviceCode /data/serviceName',
    ]);
  });

  it.each(runnable)('$program waits as long as a limit says, and goes on', async ({ command, program }) => {
    await ingest.app.close();
    await start({ eventsPerToken: 4, windowSeconds: 1 });
    const { code, lines } = await run(command, program, join(folder, 'mixed.ndjson'));

    expect([code, lines.length, ingest.written().length]).toEqual([1, 7, 6]);
  });

  it.each(runnable)('$program tells when nothing can be sent', async ({ command, program }) => {
    const { code, err } = await run(command, program, join(examples, 'events.ndjson'), 'wrong');

    expect([code, err]).toEqual([2, expect.stringContaining('401')]);
  });

  it.each(runnable.filter(({ command }) => command === 'sh'))('send-event.sh sends one event', async ({ command }) => {
    const { code, lines } = await run(command, 'send-event.sh', join(examples, 'event.json'));

    expect([code, JSON.parse(lines[0]!), ingest.written().length]).toEqual([
      0,
      { accepted: 1, duplicate: 0, rejected: 0, results: [{ index: 0, id: 'example-2', status: 'accepted' }] },
      1,
    ]);
  });
});
