import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifiedFolder } from './verified-folder.js';

const sum = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('a verified folder', () => {
  let cache: string;
  let fetched: number;

  beforeEach(async () => {
    fetched = 0;
    cache = await mkdtemp(join(tmpdir(), 'trueup-spec-'));
    await writeFile(join(cache, 'list.sha256'), `${sum('good')}  one.jar\n`);
  });
  afterEach(() => rm(cache, { recursive: true }));

  const open = (content: string, name = 'one.jar'): Promise<string> =>
    verifiedFolder({
      folder: join(cache, 'jars'),
      checksums: join(cache, 'list.sha256'),
      fetch: async (into) => {
        fetched += 1;
        await writeFile(join(into, name), content);
      },
    });

  it('is downloaded once and checked afterwards', async () => {
    await open('good');
    await open('good');

    expect(fetched).toBe(1);
  });

  it('is refused when a file differs, and nothing of it stays', async () => {
    await expect(open('evil')).rejects.toThrow(/one\.jar differs.*refused/);

    expect(await readdir(cache)).toEqual(['list.sha256']);
  });

  it('is refused when a file is missing and another one came instead', async () => {
    await expect(open('good', 'two.jar')).rejects.toThrow(/one\.jar is missing, two\.jar is not on the list/);
  });

  it('is downloaded again when a file was damaged later', async () => {
    const folder = await open('good');
    await writeFile(join(folder, 'one.jar'), 'damaged');

    await open('good');

    expect(await readFile(join(folder, 'one.jar'), 'utf8')).toBe('good');
  });
});
