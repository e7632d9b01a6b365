import { randomBytes } from 'node:crypto';
import { createDatabase, databaseUrls, ensureDatabaseRoles } from '@trueup/local-runtime';
import { askHarness } from './ask-harness.js';

const rolesOf: Record<string, Promise<void>> = {};

/** One database: `url` of its owner, who may do everything, and those of the two roles that the walls hold. */
export interface StartedPostgres {
  url: string;
  appUrl: string;
  workerUrl: string;
}

/**
 * A fresh, empty database on the run's server: that of `TRUEUP_TEST_DATABASE_URL` (its user must be allowed to
 * create databases and roles), else the run's own, started on first demand and removed with the run.
 */
export async function startedPostgres(): Promise<StartedPostgres> {
  const server = process.env['TRUEUP_TEST_DATABASE_URL'] ?? (await askHarness('postgres'));
  const url = new URL(server!);
  url.pathname = `/test_${randomBytes(8).toString('hex')}`;
  await createDatabase(url.href);
  await (rolesOf[server!] ??= ensureDatabaseRoles(server!));
  const { app, worker } = databaseUrls(url.href);
  return { url: url.href, appUrl: app, workerUrl: worker };
}
