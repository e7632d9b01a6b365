import { askHarness } from './ask-harness.js';

/** A running Redis: that of `TRUEUP_TEST_REDIS_URL`, else the run's own; null where no Redis can be had. */
export async function startedRedis(): Promise<{ url: string } | null> {
  const url = process.env['TRUEUP_TEST_REDIS_URL'] ?? (await askHarness('redis'));
  return url === null ? null : { url };
}
