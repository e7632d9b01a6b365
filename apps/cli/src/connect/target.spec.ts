import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTarget, type TargetFlags } from './target.js';

describe('where a command goes', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trueup-cli-'));
    mkdirSync(join(folder, '.trueup'));
    const tokens = { admin: 'card-admin', events: 'card-events', control: 'card-control' };
    const card = { apiUrl: 'http://127.0.0.1:4600', ingestUrl: 'http://127.0.0.1:4601', tokens, adminPorts: {} };
    writeFileSync(join(folder, '.trueup', 'endpoints.json'), JSON.stringify(card));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const target = (flags: TargetFlags, env: NodeJS.ProcessEnv = {}) => {
    const { apiUrl, ingestUrl, apiToken, eventsToken } = readTarget(flags, env, folder);
    return [apiUrl, ingestUrl, apiToken?.reveal(), eventsToken?.reveal()];
  };

  it('is the local runtime with its own tokens when nobody says otherwise', () => {
    expect(target({})).toEqual(['http://127.0.0.1:4600', 'http://127.0.0.1:4601', 'card-admin', 'card-events']);
  });

  it('is what the flags say, then the environment', () => {
    const env = { TRUEUP_API_URL: 'https://env.example/', TRUEUP_TOKEN: 'env-token' };
    expect(target({ apiUrl: 'https://flag.example/' }, env)).toEqual(['https://flag.example', null, 'env-token', 'env-token']);
    expect(target({ token: 'flag-token' }, env)).toEqual(['https://env.example', null, 'flag-token', 'flag-token']);
  });

  it('never gets the token of another place: neither the card a foreign one, nor a foreign address the card\u2019s', () => {
    expect(target({}, { TRUEUP_TOKEN: 'production' })[2]).toBe('card-admin');
    expect(target({ apiUrl: 'https://elsewhere.example' })[2]).toBeUndefined();
  });

  it.each(['ftp://x.example', 'not an address', 'https://user:pass@x.example', 'https://x.example/?token=1'])(
    'refuses %s',
    (apiUrl) => {
      expect(() => target({ apiUrl })).toThrow('--api-url');
    },
  );

  it('shows no token when it is printed', () => {
    expect(JSON.stringify(readTarget({ token: 'hidden-token', apiUrl: 'https://x.example' }, {}, folder))).not.toContain(
      'hidden-token',
    );
  });
});
