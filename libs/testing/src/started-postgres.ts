import { randomBytes } from 'node:crypto';
import { createDatabase } from '@trueup/local-runtime';
import { askHarness } from './ask-harness.js';

/**
 * A fresh, empty database on the run's server: that of `TRUEUP_TEST_DATABASE_URL` (its user must be allowed to
 * create databases), else the run's own, started on first demand and removed with the run.
 */
export async function startedPostgres(): Promise<{ url: string }> {
  const server = process.env['TRUEUP_TEST_DATABASE_URL'] ?? (await askHarness('postgres'));
  const url = new URL(server!);
  url.pathname = `/test_${randomBytes(8).toString('hex')}`;
  await createDatabase(url.href);
  return { url: url.href };
}
