import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** File name → SHA-256 in hexadecimal. */
export type ChecksumList = ReadonlyMap<string, string>;

/** Reads a list as sha256sum writes it. */
export function readChecksumList(path: string): ChecksumList {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return new Map(lines.map((line) => [line.slice(66).trim(), line.slice(0, 64)]));
}

/** Compares a folder with its list; answers one sentence per missing, foreign or differing file, none when all match. */
export async function checksumProblems(folder: string, list: ChecksumList): Promise<string[]> {
  const present = await readdir(folder).catch(() => [] as string[]); // an absent folder misses every file
  const missing = [...list.keys()].filter((name) => !present.includes(name)).map((name) => `${name} is missing`);
  const foreign = present.filter((name) => !list.has(name)).map((name) => `${name} is not on the list`);
  const listed = present.filter((name) => list.has(name));
  const sums = await Promise.all(listed.map(async (name) => [name, await sha256(join(folder, name))] as const));
  const differing = sums.filter(([name, sum]) => list.get(name) !== sum).map(([name]) => `${name} differs`);
  return [...missing, ...foreign, ...differing];
}

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
