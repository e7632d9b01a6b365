import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MasterKey } from '@trueup/access';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { accessConfig, masterKeyOf } from './access-config.js';

const schema = z.object(accessConfig);
const [newest, before, first] = [randomBytes(32), randomBytes(32), randomBytes(32)].map((key) => key.toString('base64'));
const wrappedBy = (key: string) => ({
  key: MasterKey.fromBase64(key),
  wrapped: MasterKey.fromBase64(key).wrap(Buffer.from('x'), []),
});

/** Whether the configured key opens what another wrapped. */
function opens(env: object, by: string): boolean {
  const { key, wrapped } = wrappedBy(by);
  const configured = masterKeyOf(schema.parse(env));
  return configured.knows(key.id) && configured.unwrap(key.id, wrapped, []).toString() === 'x';
}

describe('the configuration of the master key', () => {
  afterEach(() => void delete process.env['TRUEUP_MASTER_KEY_PREVIOUS_FILE']);

  it('needs no previous key', () => {
    expect(masterKeyOf(schema.parse({ TRUEUP_MASTER_KEY: newest })).id).toBe(MasterKey.fromBase64(newest!).id);
  });

  it('takes several previous keys, which only open', () => {
    const env = { TRUEUP_MASTER_KEY: newest, TRUEUP_MASTER_KEY_PREVIOUS: `${before}, ${first}` };
    expect([opens(env, newest!), opens(env, before!), opens(env, first!)]).toEqual([true, true, true]);
    expect(masterKeyOf(schema.parse(env)).id).toBe(MasterKey.fromBase64(newest!).id);
  });

  it('takes previous keys from a file, one a line', () => {
    const folder = mkdtempSync(join(tmpdir(), 'trueup-api-'));
    process.env['TRUEUP_MASTER_KEY_PREVIOUS_FILE'] = join(folder, 'keys');
    writeFileSync(join(folder, 'keys'), `${before}\n${first}\n`);
    const isOpened = opens({ TRUEUP_MASTER_KEY: newest }, first!);
    rmSync(folder, { recursive: true });
    expect(isOpened).toBe(true);
  });

  it('names a previous key that is none, and a file that is away', () => {
    const faultOf = (env: object) => schema.safeParse(env).error?.issues[0]?.path;
    expect(faultOf({ TRUEUP_MASTER_KEY: newest, TRUEUP_MASTER_KEY_PREVIOUS: 'short' })).toEqual(['TRUEUP_MASTER_KEY_PREVIOUS']);
    process.env['TRUEUP_MASTER_KEY_PREVIOUS_FILE'] = '/nowhere/at/all';
    expect(faultOf({ TRUEUP_MASTER_KEY: newest })).toEqual(['TRUEUP_MASTER_KEY_PREVIOUS']);
  });

  it('prints no key', () => {
    const env = { TRUEUP_MASTER_KEY: newest, TRUEUP_MASTER_KEY_PREVIOUS: before };
    expect(JSON.stringify(schema.parse(env))).not.toContain(before);
  });
});
