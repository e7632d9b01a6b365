import { askHarness } from './ask-harness.js';

/**
 * A running broker: of `TRUEUP_TEST_KAFKA_BROKERS`, else the run's own, started on first demand and ended with
 * the run. It is shared: tests use topics, groups and tenants of their own.
 */
export async function startedKafka(): Promise<{ brokers: string[] }> {
  const given = process.env['TRUEUP_TEST_KAFKA_BROKERS'];
  const brokers = given ?? (await askHarness('kafka'));
  return { brokers: brokers!.split(',') };
}
