import { PROVISIONING_EVENTS, SCOPES, TOPICS, type Explain, type Line } from '@trueup/contracts';
import { createKafka, silentLogger } from '@trueup/kafka';
import { startedKafka, startedPostgres } from '@trueup/testing';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, type Ended, SpawnedService } from '../spawned-processes.behaviour.js';

const ADMIN = `tru_admin_${randomBytes(24).toString('hex')}`;
const EVENTS = `tru_events_${randomBytes(24).toString('hex')}`;

describe('what a person asks of a running Trueup', () => {
  const services: SpawnedService[] = [];
  let folder: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trueup-cli-'));
    const [{ url }, { brokers }] = await Promise.all([startedPostgres(), startedKafka()]);
    const link = createKafka({ brokers, clientId: 'cli-test', logger: silentLogger });
    await link.ensureTopics(TOPICS);
    await link.endOffsets(PROVISIONING_EVENTS);
    await link.stop();
    const parts = { TRUEUP_KAFKA_BROKERS: brokers.join(','), TRUEUP_DATABASE_URL: url };
    const api = await SpawnedService.start('api', {
      ...parts,
      TRUEUP_MASTER_KEY: randomBytes(32).toString('base64'),
      TRUEUP_BOOTSTRAP_ADMIN_TOKEN: ADMIN,
      TRUEUP_BOOTSTRAP_EVENTS_TOKEN: EVENTS,
    });
    services.push(api);
    const ingest = await SpawnedService.start('ingest', parts);
    services.push(ingest, await SpawnedService.start('billing-projector', parts));
    env = { TRUEUP_API_URL: api.url, TRUEUP_INGEST_URL: ingest.url, TRUEUP_TOKEN: ADMIN };
    await bringThreeMailboxes();
  });
  afterAll(async () => {
    for (const service of services) await service.stop();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]): Promise<Ended> => cli(args, env, folder);
  const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await run(...args, '-o', 'json')).out) as T;

  async function bringThreeMailboxes(): Promise<void> {
    const time = new Date(Date.now() - 60_000).toISOString();
    const seats = ['ana', 'ben', 'cy'].map((userCode) => ({
      ...{
        specversion: '1.0',
        id: userCode,
        source: 'urn:test',
        type: 'trueup.user.service.assigned.v1',
        time,
        subject: 'DOCK-7',
      },
      ...{ actorname: 'Kim', data: { userCode, serviceCode: 'MAIL', serviceName: 'Mail', sku: 'MAIL' } },
    }));
    writeFileSync(join(folder, 'seats.json'), JSON.stringify(seats, null, 2));
    await run('events', 'send', 'seats.json');
    for (let tries = 0; (await json<Line[]>('lines', 'list'))[0]?.quantity !== '3'; tries++) {
      if (tries > 60) throw new Error('the line never came');
      await wait(250);
    }
  }

  it('explains a line by customer and sku: a waterfall that ends in the quantity, then the people', async () => {
    const { code, out } = await run('lines', 'explain', '--customer', 'DOCK-7', '--sku', 'MAIL');
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/ADDED +3 +3\n= quantity +3\n[^]*ana +.* 1 +.* Kim +yes[^]*ben[^]*cy/),
    ]);
  });

  it('gives the same explanation to programs, as JSON whole and as CSV the people', async () => {
    const [line] = await json<Line[]>('lines', 'list', '--customer', 'DOCK-7');
    const explain = await json<Explain>('lines', 'explain', line!.lineKey);
    const csv = (await run('lines', 'explain', line!.lineKey, '-o', 'csv')).out.split('\r\n');
    expect([explain.quantity, explain.people.length]).toEqual(['3', 3]);
    expect([csv[0], csv.length]).toEqual(['user,name,delta,at,by,counted,event', 5]);
  });

  it('says which line is meant when none is', async () => {
    const [unnamed, unknown] = [
      await run('lines', 'explain'),
      await run('lines', 'explain', '--customer', 'DOCK-7', '--sku', 'NO'),
    ];
    expect([unnamed.code, unknown.code, unknown.err]).toEqual([
      2,
      4,
      expect.stringContaining('→ "trueup lines list" shows them.'),
    ]);
  });

  it('makes a token whose secret is shown once, and ends it only with --yes', async () => {
    const made = await json<{ id: string; token: string }>(
      'tokens',
      'create',
      '--label',
      'reader',
      '--scope',
      'billing:read',
      '--expires',
      '30d',
    );
    const asReader = { ...env, TRUEUP_TOKEN: made.token };
    const before = await cli(['lines', 'list'], asReader, folder);
    const forbidden = await cli(['tokens', 'list'], asReader, folder);
    const timid = await run('tokens', 'delete', made.id);
    const ended = await run('tokens', 'delete', made.id, '--yes');
    await wait(1_000);
    const after = await cli(['lines', 'list'], asReader, folder);
    const listed = await run('tokens', 'list');

    expect([before, forbidden, timid, ended, after].map(({ code }) => code)).toEqual([0, 6, 2, 0, 6]);
    expect([listed.out.includes(made.token), forbidden.err]).toEqual([false, expect.stringContaining('missing-scope')]);
  }, 120_000);

  it('refuses to close the open period with the code and the remedy of the service', async () => {
    const periods = await json<{ id: string; state: string }[]>('periods', 'list', '--count', '2');
    const { code, err } = await run('periods', 'close', periods[0]!.id, '--yes');
    expect([periods[0]!.state, code, err]).toEqual([
      'open',
      4,
      expect.stringMatching(/✗ conflict: The period has not ended yet.*→ /s),
    ]);
  });

  it('tells what is accounted for, and ends with 1 when something is not', async () => {
    const answer = await json<{ isExplained: boolean; events: { accepted: number; applied: number } }>('reconciliation');
    const { code, out } = await run('reconciliation');
    expect(answer).toMatchObject({ isExplained: true, events: { accepted: 3, applied: 3 } });
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/UNITS.*unexplained +events +0\n.*events +applied +3\n.*lines +desired +1 +3\n/s),
    ]);
  });

  it('finds nothing wrong with a service that is well', async () => {
    const [status, doctor] = [await run('status'), await run('doctor')];
    expect([status.code, doctor.code]).toEqual([0, 0]);
    expect(doctor.out).toMatch(
      /✓ api: .*✓ clock: .*✓ token: .*✓ scopes: all.*✓ token expiry: never.*✓ ingest: .* takes 1000 events.*✓ api version.*! connections: none yet/s,
    );
    expect(doctor.out).not.toContain('✗');
  });

  it('names each fault with one remedy, and ends with 1', async () => {
    const wrong = await cli(
      ['doctor', '-o', 'json'],
      { ...env, TRUEUP_TOKEN: 'tru_wrong', TRUEUP_INGEST_URL: 'http://127.0.0.1:9' },
      folder,
    );
    const found = JSON.parse(wrong.out) as { check: string; state: string; remedy?: string }[];
    const faults = found.filter(({ state }) => state === 'failing');
    expect([wrong.code, faults.map(({ check }) => check), faults.every(({ remedy }) => remedy)]).toEqual([
      1,
      ['token', 'ingest'],
      true,
    ]);
  });

  it('shows no token and no colour, whatever is asked', async () => {
    const asked = [['status'], ['doctor'], ['tokens', 'list'], ['holds', 'list'], ['lines', 'list']];
    const said = (await Promise.all(asked.map((args) => run(...args)))).map(({ out, err }) => out + err).join('');
    expect([ADMIN, EVENTS, '\u001B['].filter((text) => said.includes(text))).toEqual([]);
    expect(SCOPES.every((scope) => said.includes(scope))).toBe(true);
  });
});
