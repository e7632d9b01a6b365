import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeHome } from '../home/runtime-home.js';
import { waitForPort } from '../network/wait-for-port.js';
import { ManagedProcess } from '../processes/managed-process.js';
import type { ProcessJournal } from '../processes/process-journal.js';

/** Said when no Redis can be had; everything works without it, only budgets are no longer shared. */
export const noRedisSentence =
  'No Redis 6.2 or later was found (install the package redis-server): rate budgets are counted per process.';

/** Starts a redis-server (see redisBinary) in memory and waits until it listens. */
export async function startRedis(
  home: RuntimeHome,
  journal: ProcessJournal,
  command: string,
  port: number,
): Promise<ManagedProcess> {
  const folder = join(home.root, 'redis');
  await mkdir(folder, { recursive: true });
  const logFile = join(home.logs, 'redis.log');
  const redis = await ManagedProcess.start(
    { name: 'redis', command, args: settings(port, folder), env: process.env, cwd: folder, logFile, marker: folder },
    journal,
  );
  await waitForPort(redis, port, { what: 'Redis', logFile });
  return redis;
}

function settings(port: number, folder: string): string[] {
  const network = ['--port', String(port), '--bind', '127.0.0.1'];
  const nothingOnDisk = ['--save', '', '--appendonly', 'no', '--dir', folder];
  // Redis would overwrite its command line, by which the journal recognises it.
  return [...network, ...nothingOnDisk, '--set-proc-title', 'no'];
}
