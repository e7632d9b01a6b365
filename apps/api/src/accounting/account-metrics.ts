import { type CheckResult, readCheckResults } from '@trueup/billing';
import { type Sample, sampledGauge } from '@trueup/service';
import type { DataSource } from 'typeorm';

const IDENTITIES = ['events', 'stored', 'lines', 'quantities'] as const;

/** Shows what the last check said, whichever replica made it. Before the first one nothing is shown. */
export function watchAccounts(db: DataSource, now: () => Date): void {
  const read = (valueOf: (results: CheckResult[]) => number) => async (): Promise<Sample[]> => {
    const results = await readCheckResults(db);
    if (results.length === 0) return [];
    const byIdentity = Map.groupBy(results, ({ identity }) => identity);
    return IDENTITIES.map((identity) => ({ labels: { identity }, value: valueOf(byIdentity.get(identity) ?? []) }));
  };
  sampledGauge({
    name: 'trueup_accounting_difference',
    help: 'What the accounting identity cannot explain after ten minutes, over all tenants: events that were acknowledged and became nothing (events), counters that the rows do not bear out (stored), lines that are in no state (lines), units that differ between rows, parts and schedules (quantities). Should be 0',
    labels: ['identity'],
    read: read((results) => results.reduce((sum, { unexplained }) => sum + unexplained, 0)),
  });
  sampledGauge({
    name: 'trueup_accounting_oldest_seconds',
    help: 'For how long the oldest unexplained difference has been there; 0 when there is none',
    labels: ['identity'],
    read: read((results) =>
      Math.max(0, ...results.map(({ oldestSince }) => (oldestSince === null ? 0 : secondsSince(oldestSince, now)))),
    ),
  });
  sampledGauge({
    name: 'trueup_accounting_check_age_seconds',
    help: 'How long ago the accounts were compared; a check a minute is expected',
    read: async () => (await readCheckResults(db)).slice(0, 1).map(({ checkedAt }) => ({ value: secondsSince(checkedAt, now) })),
  });
}

const secondsSince = (at: Date, now: () => Date): number => Math.max(0, (now().getTime() - at.getTime()) / 1_000);
