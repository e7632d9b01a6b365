import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadSecrets } from './runtime-secrets.js';

describe('the secrets of a runtime', () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'trueup-spec-'))));
  afterEach(() => rmSync(root, { recursive: true }));

  it('are random on a first start and the same on the next', () => {
    const first = loadSecrets(root);

    expect(Buffer.from(first.masterKey, 'base64')).toHaveLength(32);
    expect(loadSecrets(root)).toEqual(first);
  });

  it('are readable by their owner alone', () => {
    loadSecrets(root);

    expect(statSync(join(root, 'secrets.json')).mode & 0o777).toBe(0o600);
  });

  it('are not replaced when the file is damaged: what they sealed would be lost', () => {
    writeFileSync(join(root, 'secrets.json'), '{"adminToken": "short"}');

    expect(() => loadSecrets(root)).toThrow(/damaged/);
  });
});
