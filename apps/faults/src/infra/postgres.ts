import { chown, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask, type Runtime, until } from '@trueup/testing/product';

/** Where the server keeps its data. */
export async function postgresFolder(runtime: Runtime): Promise<string> {
  return (await ask<{ data_directory: string }>(runtime, 'show data_directory'))[0]!.data_directory;
}

/** Number of the history that the server writes; a promoted standby begins another. Waits until it takes writes. */
export async function timelineOf(runtime: Runtime): Promise<number> {
  const takesWrites = async (): Promise<boolean> =>
    (await ask<{ isReplaying: boolean }>(runtime, 'select pg_is_in_recovery() as "isReplaying"'))[0]?.isReplaying === false;
  if (!(await until(takesWrites, 30_000))) throw new Error('PostgreSQL recovers for longer than 30 s');
  const [row] = await ask<{ file: string }>(runtime, 'select pg_walfile_name(pg_current_wal_lsn()) as file');
  return Number.parseInt(row!.file.slice(0, 8), 16);
}

/**
 * Makes the next start of a dead server what a failover is to its clients: it recovers all that was committed, and goes on in a history
 * (timeline) of its own, as a standby does that is promoted.
 */
export async function promoteAtNextStart(folder: string): Promise<void> {
  const { uid, gid } = await stat(folder);
  const settings = join(folder, 'postgresql.auto.conf');
  const kept = (await readFile(settings, 'utf8')).replace(/^(restore_command|recovery_target_timeline).*\n/gm, '');
  await writeFile(settings, `${kept}restore_command = 'false'\nrecovery_target_timeline = 'latest'\n`);
  const signal = join(folder, 'recovery.signal');
  await writeFile(signal, '');
  await chown(signal, uid, gid);
}
