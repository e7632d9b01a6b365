import { execFile } from 'node:child_process';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copyArtifact } from './maven.js';
import { verifiedFolder } from './verified-folder.js';
import { readZipEntry } from './zip-entry.js';

const run = promisify(execFile);
const room = join(import.meta.dirname, '../..');
const archive = 'embedded-redis-1.4.3.jar';
const entries: Readonly<Record<string, string>> = {
  'linux-x64': 'redis-server-6.2.6-v5-linux-amd64',
  'linux-arm64': 'redis-server-6.2.7-linux-arm64',
  'darwin-x64': 'redis-server-6.2.6-v5-darwin-amd64',
  'darwin-arm64': 'redis-server-6.2.6-v5-darwin-arm64',
};

/** A redis-server that runs here: from PATH (6.2 or later), else out of a Maven artifact, else null. */
export async function redisBinary(cache: string): Promise<string | null> {
  if (await isUsable('redis-server')) return 'redis-server';
  const unpacked = await unpackedBinary(cache);
  return unpacked !== null && (await isUsable(unpacked)) ? unpacked : null;
}

async function unpackedBinary(cache: string): Promise<string | null> {
  const entry = entries[`${process.platform}-${process.arch}`];
  if (entry === undefined) return null;
  const folder = await verifiedFolder({
    folder: join(cache, 'embedded-redis-1.4.3'),
    checksums: join(room, 'embedded-redis-1.4.3.sha256'),
    fetch: (into) => copyArtifact('com.github.codemonstur:embedded-redis:1.4.3', into),
  });
  const content = readZipEntry(await readFile(join(folder, archive)), entry);
  return content === null ? null : writeExecutable(join(cache, 'redis'), entry, content);
}

async function writeExecutable(folder: string, name: string, content: Buffer): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, name);
  const current = await readFile(path).catch(() => null); // absent on the first start
  if (current?.equals(content)) return path;
  const draft = `${path}.${process.pid}.new`;
  await writeFile(draft, content);
  await chmod(draft, 0o755);
  await rename(draft, path); // never writes into a binary that another runtime executes
  return path;
}

async function isUsable(command: string): Promise<boolean> {
  try {
    const { stdout } = await run(command, ['--version']);
    return isRedisVersionUsable(stdout);
  } catch {
    return false; // not installed, or its shared libraries are missing: the next source is tried
  }
}

/** True for the version line of Redis 6.2 or later. */
export function isRedisVersionUsable(versionLine: string): boolean {
  const [, major, minor] = /v=(\d+)\.(\d+)/.exec(versionLine) ?? [];
  return Number(major) > 6 || (Number(major) === 6 && Number(minor) >= 2);
}
