import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RuntimeHome } from '../home/runtime-home.js';
import { waitForPort } from '../network/wait-for-port.js';
import { postgresPrograms } from '../parts/postgres-programs.js';
import { ManagedProcess } from '../processes/managed-process.js';
import type { ProcessJournal } from '../processes/process-journal.js';
import { ensureDatabaseRoles } from './database-roles.js';
import { ensureDatabase } from './ensure-database.js';
import { postgresPlace, type PostgresPlace } from './postgres-place.js';
import { postgresUser, type SystemUser } from './postgres-user.js';

const run = promisify(execFile);

export interface PostgresAccess {
  readonly port: number;
  /** Set when the data folder is created; later starts must bring the same one. */
  readonly password: string;
}

/** Address of the product's database (created when absent). */
export function databaseUrl({ port, password }: PostgresAccess): string {
  return `postgres://trueup:${password}@127.0.0.1:${port}/trueup`;
}

/** Starts the server on its data of last time (created on the first start) and waits until it answers. */
export async function startPostgres(home: RuntimeHome, journal: ProcessJournal, access: PostgresAccess): Promise<ManagedProcess> {
  const user = postgresUser();
  const place = await postgresPlace(home.root, await postgresPrograms(), user);
  await initialiseOnce(place, access, user);
  const logFile = join(home.logs, 'postgres.log');
  const postgres = await ManagedProcess.start(
    {
      name: 'postgres',
      command: join(place.programs, 'bin/postgres'),
      args: ['-D', place.data, ...serverSettings(access.port)],
      env: cleanEnvironment(),
      cwd: '/',
      logFile,
      marker: place.data,
      stopSignal: 'SIGINT', // fast shutdown: does not wait for clients
      ...user,
    },
    journal,
  );
  await waitForPort(postgres, access.port, { what: 'PostgreSQL', logFile });
  await ensureDatabase(databaseUrl(access));
  await ensureDatabaseRoles(databaseUrl(access));
  return postgres;
}

async function initialiseOnce(place: PostgresPlace, access: PostgresAccess, user: SystemUser | null): Promise<void> {
  if (existsSync(join(place.data, 'PG_VERSION'))) return;
  await rm(place.data, { recursive: true, force: true }); // what an interrupted first start left
  await mkdir(place.data, { mode: 0o700 });
  const passwordFile = `${place.data}.password`;
  await writeFile(passwordFile, access.password, { mode: 0o600 });
  if (user !== null) await Promise.all([place.data, passwordFile].map((path) => chown(path, user.uid, user.gid)));
  try {
    await run(join(place.programs, 'bin/initdb'), initSettings(place.data, passwordFile), {
      cwd: '/',
      env: cleanEnvironment(),
      ...user,
    });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function initSettings(data: string, passwordFile: string): string[] {
  // Byte order everywhere: sorting must not depend on the machine's locales.
  const locale = ['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return ['-D', data, '-U', 'trueup', '--auth=scram-sha-256', `--pwfile=${passwordFile}`, ...locale];
}

function serverSettings(port: number): string[] {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

/** PG* variables of the caller must not steer the server. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C' };
}
