import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { apiConfig, readFirstTenant } from './api-config.js';

const schema = z.object(apiConfig);
const key = Buffer.alloc(32, 7).toString('base64');
const sound = { TRUEUP_DATABASE_URL: 'postgres://localhost/x', TRUEUP_HTTP_PORT: '0', TRUEUP_MASTER_KEY: key };
const problemsOf = (env: object) => schema.safeParse(env).error?.issues.map((issue) => issue.path.join('.')) ?? [];

describe('the configuration of the api', () => {
  afterEach(() => void delete process.env['TRUEUP_MASTER_KEY_FILE']);

  it('names everything that is missing at once', () => {
    expect(problemsOf({}).sort()).toEqual(['TRUEUP_DATABASE_URL', 'TRUEUP_HTTP_PORT', 'TRUEUP_MASTER_KEY']);
  });

  it.each(['10.0.0.1', '10.0.0.0/8, ::1', '2001:db8::/32', ''])('takes as trusted proxies %j', (TRUEUP_TRUSTED_PROXIES) => {
    expect(problemsOf({ ...sound, TRUEUP_TRUSTED_PROXIES })).toEqual([]);
  });

  it.each(['everybody', '0.0.0.0/0', '::/0', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0.0/', 'loopback', '1'])(
    'trusts no proxy by the name of %s',
    (TRUEUP_TRUSTED_PROXIES) => {
      expect(problemsOf({ ...sound, TRUEUP_TRUSTED_PROXIES })).toEqual(['TRUEUP_TRUSTED_PROXIES']);
    },
  );

  it('trusts no proxy unless it is told to', () => {
    expect(schema.parse(sound).TRUEUP_TRUSTED_PROXIES).toEqual([]);
  });

  it('takes the master key from a file', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trueup-api-'));
    process.env['TRUEUP_MASTER_KEY_FILE'] = join(folder, 'key');
    writeFileSync(join(folder, 'key'), `${key}\n`);
    const { TRUEUP_MASTER_KEY } = schema.parse({ ...sound, TRUEUP_MASTER_KEY: undefined });
    rmSync(folder, { recursive: true });
    expect(TRUEUP_MASTER_KEY.reveal()).toBe(key);
  });

  it('names the master key when its file is away', () => {
    process.env['TRUEUP_MASTER_KEY_FILE'] = '/nowhere/at/all';
    expect(problemsOf({ ...sound, TRUEUP_MASTER_KEY: undefined })).toEqual(['TRUEUP_MASTER_KEY']);
  });

  it('reads service tokens by kind, whatever characters they hold', () => {
    const { TRUEUP_BOOTSTRAP_SERVICE_TOKENS: tokens } = schema.parse({
      ...sound,
      TRUEUP_BOOTSTRAP_SERVICE_TOKENS: 'autotask=a=b,bms=c',
    });
    expect([...tokens!].map(([kind, secret]) => [kind, secret.reveal()])).toEqual([
      ['autotask', 'a=b'],
      ['bms', 'c'],
    ]);
  });

  it('describes the first tenant only with both tokens', () => {
    const one = schema.parse({ ...sound, TRUEUP_BOOTSTRAP_ADMIN_TOKEN: 'a' });
    const both = schema.parse({ ...sound, TRUEUP_BOOTSTRAP_ADMIN_TOKEN: 'a', TRUEUP_BOOTSTRAP_EVENTS_TOKEN: 'e' });
    expect([readFirstTenant(one), readFirstTenant(both)?.eventsToken]).toEqual([undefined, 'e']);
  });

  it('prints no secret', () => {
    expect(JSON.stringify(schema.parse({ ...sound, TRUEUP_BOOTSTRAP_ADMIN_TOKEN: 'canary' }))).not.toMatch(/canary|BwcH/);
  });
});
