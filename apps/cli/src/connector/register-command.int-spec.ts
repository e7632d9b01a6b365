import { accessSchema } from '@trueup/access';
import { billingSchema } from '@trueup/billing';
import { ledgerSchema } from '@trueup/connector-sdk';
import { previewRequestsTopic, quantityChangesTopic } from '@trueup/contracts';
import { controlSchema } from '@trueup/control';
import { createKafka, silentLogger } from '@trueup/kafka';
import { openDatabase } from '@trueup/persistence';
import { startedKafka, startedPostgres } from '@trueup/testing';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cli, SpawnedService } from '../spawned-processes.behaviour.js';

const ADMIN = `tru_admin_${randomBytes(24).toString('hex')}`;
const kind = `psa-${randomBytes(4).toString('hex')}`;
const role = `connector_${kind.replaceAll('-', '_')}`;
const manifest = {
  ...{ id: kind, title: 'My PSA', sdk: '0.1', auth: 'bearer', secrets: ['Key'], hosts: ['api.my-psa.example'] },
  capabilities: {
    ...{ writes: 'absolute', canCreate: true, removal: 'zero', hasEffectiveDates: false, hasDecimals: false },
    ...{ identity: 'reference', isReadable: true },
  },
  ...{ settleMs: 1000, readTimeoutMs: 1000, writeTimeoutMs: 1000 },
};

interface Registered {
  steps: { what: string; state: string; detail: string }[];
  environment: Record<string, string> | null;
}

describe('trueup connector register', () => {
  let folder: string;
  let api: SpawnedService;
  let db: DataSource;
  let env: NodeJS.ProcessEnv;
  let brokers: string[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'trueup-cli-'));
    writeFileSync(join(folder, 'connector.manifest.json'), JSON.stringify(manifest));
    const [postgres, kafka] = await Promise.all([startedPostgres(), startedKafka()]);
    ({ brokers } = kafka);
    db = await openDatabase({
      url: postgres.url,
      applicationName: 'cli-test',
      schemas: [accessSchema, billingSchema, controlSchema],
    });
    api = await SpawnedService.start('api', {
      TRUEUP_DATABASE_URL: postgres.url,
      TRUEUP_MASTER_KEY: randomBytes(32).toString('base64'),
      TRUEUP_BOOTSTRAP_ADMIN_TOKEN: ADMIN,
      TRUEUP_BOOTSTRAP_EVENTS_TOKEN: `tru_events_${randomBytes(24).toString('hex')}`,
      TRUEUP_TEST_HOSTS: '127.0.0.1',
    });
    env = { TRUEUP_KAFKA_BROKERS: brokers.join(','), TRUEUP_DATABASE_URL: postgres.url, TRUEUP_API_URL: api.url };
  });
  afterAll(async () => {
    await api.stop();
    await db.query(`drop owned by "${role}" cascade`);
    await db.query(`drop role "${role}"`);
    await db.destroy();
    rmSync(folder, { recursive: true });
  });

  const register = async (...args: string[]): Promise<Registered> => {
    const { code, out, err } = await cli(
      ['connector', 'register', 'connector.manifest.json', '-o', 'json', ...args],
      env,
      folder,
    );
    if (code !== 0) throw new Error(err);
    return JSON.parse(out) as Registered;
  };
  const states = ({ steps }: Registered): string[] => steps.map(({ state }) => state);
  const made = ['created', 'created', 'not needed', 'created', 'created', 'created'];
  const connect = (): Promise<Response> =>
    fetch(`${api.url}/v1/connections`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' },
      body: JSON.stringify({ kind, label: 'Theirs', baseUrl: 'http://127.0.0.1:9' }),
    });

  it('says what it would make and makes nothing with --dry-run; until then the api knows no such kind', async () => {
    const dry = await register('--dry-run');
    const refused = await connect();
    const roles: unknown[] = await db.query('select 1 from pg_roles where rolname = $1', [role]);
    expect(states(dry)).toEqual(made.map((state) => (state === 'created' ? 'would be created' : state)));
    expect([refused.status, await refused.json(), roles]).toMatchObject([422, { errors: [{ pointer: '/kind' }] }, []]);
  });

  it('makes everything that a connector needs, and leaves it alone the second time', async () => {
    const [first, second] = [
      await cli(['connector', 'register', 'connector.manifest.json', '--write-env', 'c.env'], env, folder),
      await register(),
    ];
    const link = createKafka({ brokers, clientId: 'cli-test', logger: silentLogger });
    const topics = [quantityChangesTopic(kind), previewRequestsTopic(kind)];
    const partitions = await Promise.all(topics.map(async (topic) => (await link.endOffsets(topic)).size));
    await link.stop();
    const written = parseEnv(readFileSync(join(folder, 'c.env'), 'utf8'));

    expect(states(second)).toEqual(made.map((state) => (state === 'created' ? 'exists' : state)));
    expect([partitions, second.environment, statSync(join(folder, 'c.env')).mode & 0o777]).toEqual([[12, 12], null, 0o600]);
    expect(first.out).not.toContain(written['TRUEUP_SERVICE_TOKEN']);
    expect(Object.keys(written).sort()).toEqual([
      ...['TRUEUP_ADMIN_PORT', 'TRUEUP_API_URL', 'TRUEUP_DATABASE_URL', 'TRUEUP_KAFKA_BROKERS', 'TRUEUP_SERVICE_TOKEN'],
    ]);
  });

  it('lets the api take connections of the kind at once, and show them to the connector alone', async () => {
    const written = parseEnv(readFileSync(join(folder, 'c.env'), 'utf8'));
    const connected = await connect();
    const shown = await fetch(`${api.url}/internal/v1/connections`, {
      headers: { authorization: `Bearer ${written['TRUEUP_SERVICE_TOKEN']}` },
    });
    expect([connected.status, await shown.json()]).toMatchObject([
      201,
      { connections: [{ kind, label: 'Theirs', mode: 'observe' }] },
    ]);
  });

  it('gives a role that can build its own ledger and touch nothing else', async () => {
    const { TRUEUP_DATABASE_URL: url } = parseEnv(readFileSync(join(folder, 'c.env'), 'utf8'));
    const own = await openDatabase({ url: url!, applicationName: 'cli-test', schemas: [ledgerSchema(kind)] });
    const forbidden = [
      'select * from access.token',
      'select * from control.connection',
      'create schema mine',
      'create table public.t (x int)',
    ];
    const tried = await Promise.allSettled(forbidden.map((statement) => own.query(statement)));
    const lines: unknown[] = await own.query(`select * from "${role}".desired_line`);
    await own.destroy();
    expect([lines, tried.map(({ status }) => status)]).toEqual([[], forbidden.map(() => 'rejected')]);
  });

  it('renews both secrets with --rotate, and the old token ends', async () => {
    const before = parseEnv(readFileSync(join(folder, 'c.env'), 'utf8'))['TRUEUP_SERVICE_TOKEN'];
    const rotated = await register('--rotate');
    const asking = (token: string | undefined) =>
      fetch(`${api.url}/internal/v1/connections`, { headers: { authorization: `Bearer ${token}` } });
    const [old, fresh] = [await asking(before), await asking(rotated.environment!['TRUEUP_SERVICE_TOKEN'])];
    expect(states(rotated)).toEqual(['exists', 'exists', 'not needed', 'renewed', 'exists', 'renewed']);
    expect([old.status, fresh.status]).toEqual([401, 200]);
  });

  it('names every fault of a manifest with its pointer, and does nothing', async () => {
    writeFileSync(join(folder, 'bad.json'), JSON.stringify({ ...manifest, id: 'No Kind', hosts: ['http://x'] }));
    const { code, err } = await cli(['connector', 'register', 'bad.json', '--write-env', 'bad.env'], env, folder);
    expect([code, err, existsSync(join(folder, 'bad.env'))]).toEqual([
      2,
      expect.stringMatching(/\/id {2}.*\n.*\/hosts\/0 {2}/),
      false,
    ]);
  });
});
