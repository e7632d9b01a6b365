import { accessSchema, createTenant } from '@trueup/access';
import { billingSchema } from '@trueup/billing';
import { fromEventRecord, PROVISIONING_EVENTS, TOPICS } from '@trueup/contracts';
import { createKafka, doneWith, type KafkaLink, silentLogger } from '@trueup/kafka';
import { openDatabase } from '@trueup/persistence';
import { startedKafka, startedPostgres } from '@trueup/testing';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Door } from '../door.behaviour.js';
import { cli, SpawnedService, startCli } from '../spawned-processes.behaviour.js';

const event = (id: string, changes: Record<string, unknown> = {}): string =>
  JSON.stringify({
    specversion: '1.0',
    id,
    source: 'urn:test:file',
    type: 'trueup.user.service.assigned.v1',
    time: '2026-03-01T09:00:00Z',
    subject: `CUST-${Number(id.slice(1)) % 7}`,
    data: { userCode: id, serviceCode: 'MAIL', serviceName: 'Mail' },
    ...changes,
  });

describe('trueup events send', () => {
  let link: KafkaLink;
  let ingest: SpawnedService;
  let env: NodeJS.ProcessEnv;
  let tenantId: string;
  let folder: string;
  let path: string;

  beforeAll(async () => {
    const [{ url }, { brokers }] = await Promise.all([startedPostgres(), startedKafka()]);
    const database = await openDatabase({ url, applicationName: 'cli-test', schemas: [accessSchema, billingSchema] });
    const { tenant, tokens } = await createTenant(database, { name: 'Acme', createdAt: new Date() });
    await database.destroy();
    tenantId = tenant.id;
    link = createKafka({ brokers, clientId: 'cli-test', logger: silentLogger });
    await link.ensureTopics(TOPICS);
    ingest = await SpawnedService.start('ingest', { TRUEUP_KAFKA_BROKERS: brokers.join(','), TRUEUP_DATABASE_URL: url });
    env = { TRUEUP_INGEST_URL: ingest.url, TRUEUP_TOKEN: tokens.events };
  });
  afterAll(async () => {
    await ingest.stop();
    await link.stop();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trueup-cli-'));
    path = join(folder, 'events.ndjson');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const send = (...args: string[]) => cli(['events', 'send', path, '--output', 'json', ...args], env, folder);
  const somethingIsNoted = async (): Promise<void> => {
    while (!existsSync(`${path}.trueup-progress`)) await wait(10);
  };
  const ids = (count: number): string[] => Array.from({ length: count }, (_, at) => `e${at}`);
  /** Ids of this tenant's events that came to the topic since `from`, per partition in their order. */
  const since = (from: Map<number, bigint>) => readTopic(link, from, tenantId);

  it('brings a file to the topic, each line once and each customer in the order of the file', async () => {
    writeFileSync(
      path,
      ids(3_000)
        .map((id) => `${event(id)}\n`)
        .join(''),
    );
    const from = await link.endOffsets(PROVISIONING_EVENTS);

    const { code, out } = await send();

    const found = await since(from);
    const inOrder = found.toSorted((a, b) => a.subject.localeCompare(b.subject));
    const expected = ids(3_000).toSorted((a, b) => (Number(a.slice(1)) % 7) - (Number(b.slice(1)) % 7));
    expect([code, JSON.parse(out)]).toMatchObject([0, { accepted: 3_000, duplicate: 0, rejected: 0, rejectsFile: null }]);
    expect(inOrder.map(({ id }) => id)).toEqual(expected);
  });

  it('reports a bad line 7,341 with its pointer, sends the rest, and says so by its exit code', async () => {
    const lines = ids(8_000).map((id) => event(id, { source: 'urn:test:bad-line' }));
    lines[7_340] = event('e7340', { source: 'urn:test:bad-line', data: { serviceCode: 'MAIL', serviceName: 'Mail' } });
    writeFileSync(path, lines.join('\n'));
    const from = await link.endOffsets(PROVISIONING_EVENTS);

    const { code, err, out } = await send();

    expect([code, err]).toEqual([3, 'line 7,341  validation-failed  /data/userCode  Required\n']);
    expect(JSON.parse(out)).toMatchObject({ accepted: 7_999, rejected: 1 });
    expect(JSON.parse(readFileSync(`${path}.rejects.ndjson`, 'utf8'))).toMatchObject({
      line: 7_341,
      problem: { code: 'validation-failed', errors: [{ pointer: '/data/userCode', detail: 'Required' }] },
      original: lines[7_340],
    });
    expect((await since(from)).length).toBe(7_999);
  });

  it('misses nothing and changes no id when it is killed while answers are out, and started again', async () => {
    const count = 20_000;
    writeFileSync(
      path,
      ids(count)
        .map((id) => `${event(id, { source: 'urn:test:kill' })}\n`)
        .join(''),
    );
    const from = await link.endOffsets(PROVISIONING_EVENTS);
    const door = await Door.inFrontOf(ingest.url, (post) => (post <= 8 ? 'pass' : 'silent'));
    const behindDoor = { ...env, TRUEUP_INGEST_URL: door.url };
    const { child, ended } = startCli(['events', 'send', path], behindDoor, folder);
    await Promise.all([door.isSilent, somethingIsNoted()]);
    child.kill('SIGKILL');
    await ended;
    const noted = JSON.parse(readFileSync(`${path}.trueup-progress`, 'utf8')) as { line: number };
    door.decide = () => 'pass';

    const { code, out } = await cli(['events', 'send', path, '-o', 'json'], behindDoor, folder);
    door.close();

    const found = (await since(from)).map(({ id }) => id);
    expect([code, JSON.parse(out)]).toMatchObject([0, { fromLine: noted.line, rejected: 0 }]);
    expect([noted.line > 1, found.length > count]).toEqual([true, true]);
    expect(new Set(found)).toEqual(new Set(ids(count)));
  });

  it('notes what is sent when it is interrupted, and says so by its exit code', async () => {
    writeFileSync(
      path,
      ids(20_000)
        .map((id) => `${event(id, { source: 'urn:test:interrupt' })}\n`)
        .join(''),
    );
    // Not before something is noted: a busy ingest may ask for the first events once more, and nothing is noted before those.
    const isNoted = (): boolean => existsSync(`${path}.trueup-progress`);
    const door = await Door.inFrontOf(ingest.url, (post) => (post <= 8 || !isNoted() ? 'pass' : 'silent'));
    const { child, ended } = startCli(['events', 'send', path], { ...env, TRUEUP_INGEST_URL: door.url }, folder);
    await Promise.all([door.isSilent, somethingIsNoted()]);
    child.kill('SIGINT');
    const { code, err } = await ended;
    door.close();
    expect([code, err]).toEqual([130, expect.stringContaining('✗ Interrupted; the same command goes on from here')]);
    expect(existsSync(`${path}.trueup-progress`)).toBe(true);
  });

  it('sends the same events again after 503 and waits as long as it is told', async () => {
    writeFileSync(
      path,
      ids(10)
        .map((id) => `${event(id, { source: 'urn:test:busy' })}\n`)
        .join(''),
    );
    const from = await link.endOffsets(PROVISIONING_EVENTS);
    const busy = await Door.inFrontOf(ingest.url, (post) => [503, 429][post - 1] ?? 'pass');

    const { code, out } = await cli(['events', 'send', path, '-o', 'json'], { ...env, TRUEUP_INGEST_URL: busy.url }, folder);
    busy.close();

    expect([code, JSON.parse(out)]).toMatchObject([0, { accepted: 10 }]);
    expect((await since(from)).map(({ id }) => id).toSorted()).toEqual(ids(10));
  });

  it('ends with the exit code of its trouble and one remedy, and never shows the token', async () => {
    writeFileSync(path, `${event('e1')}\n`);
    const secret = 'tru_a_wrong_token_0123456789';
    const denied = await cli(['events', 'send', path], { ...env, TRUEUP_TOKEN: secret }, folder);
    const away = await cli(
      ['events', 'send', path, '--give-up-after', '0'],
      { ...env, TRUEUP_INGEST_URL: 'http://127.0.0.1:9' },
      folder,
    );
    const nowhere = await cli(['events', 'send', path], {}, folder);
    expect([denied.code, away.code, nowhere.code]).toEqual([6, 5, 2]);
    expect(denied.err).toMatch(/✗ unauthenticated: .*\n.*→ Give a token/s);
    expect([denied, away, nowhere].map(({ out, err }) => out + err).join('')).not.toContain(secret);
  });

  it('only checks the file with --dry-run', async () => {
    writeFileSync(path, `${event('e1')}\n${event('e2', { time: 'yesterday' })}\n`);
    const from = await link.endOffsets(PROVISIONING_EVENTS);
    const { code, out, err } = await send('--dry-run');
    expect([code, JSON.parse(out), await since(from)]).toEqual([3, { sound: 1, rejected: 1 }, []]);
    expect(err).toMatch(/^line 2 {2}validation-failed {2}\/time/);
  });
});

async function readTopic(
  link: KafkaLink,
  from: Map<number, bigint>,
  tenantId: string,
): Promise<{ id: string; subject: string }[]> {
  const until = await link.endOffsets(PROVISIONING_EVENTS);
  const open = new Set(
    [...until].filter(([partition, end]) => end > (from.get(partition) ?? 0n)).map(([partition]) => partition),
  );
  const found: { id: string; subject: string }[] = [];
  if (open.size === 0) return found;
  const groupId = `cli-read-${process.pid}-${performance.now()}`;
  const consumer = link.consumer({ groupId, topics: [PROVISIONING_EVENTS], startingOffsets: () => Promise.resolve(from) });
  const { promise, resolve } = Promise.withResolvers<void>();
  await consumer.run((batch) => {
    for (const record of batch.records) {
      const read = fromEventRecord(record);
      if ('event' in read && read.tenantId === tenantId) found.push({ id: read.event.id, subject: read.event.subject });
      if (record.offset + 1n >= until.get(batch.partition)!) open.delete(batch.partition);
    }
    if (open.size === 0) resolve();
    return Promise.resolve(doneWith(batch));
  });
  await promise;
  await consumer.stop();
  return found;
}
