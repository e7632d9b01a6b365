import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assigned, project, sentTargets, startedBilling } from '../projection/projection.fixture.js';
import { BillingQueries } from '../queries/billing-queries.js';
import { ALL_APPLIED, ClosingStage } from './closing.fixture.js';
import { PeriodCloser } from './period-closer.js';

let database: DataSource;

beforeAll(async () => {
  database = await startedBilling();
});
afterAll(() => database.destroy());

/** A closer whose process dies when it looks at the clock once too often. */
function mortal(stage: ClosingStage, looks: number): PeriodCloser {
  let left = looks;
  const now = (): Date => {
    if (left-- === 0) throw new Error('killed');
    return stage.now();
  };
  return new PeriodCloser({ database, now, positions: () => Promise.resolve(ALL_APPLIED) });
}

describe('a close that is killed again and again', () => {
  it('ends as one that was not, with every line sent once', async () => {
    const tenant = 'ten_killed';
    const customers = Array.from({ length: 90 }, (_, index) => `C${String(index).padStart(2, '0')}`);
    const stage = new ClosingStage(database, '2026-03-20T12:00:00Z');
    const seats = customers.map((customer) => assigned(customer, '2026-03-05T09:00:00Z', customer, 'a'));
    await project(database, tenant, seats);
    stage.positions = [];
    await stage.moveTo('2026-04-02T00:00:00Z');
    let deaths = 0;
    for (let looks = 0; (await stage.closer().underWay()) > 0; looks++) {
      await mortal(stage, looks)
        .pass()
        .catch(() => deaths++);
    }
    expect(deaths).toBeGreaterThan(5);
    const [snapshot] = (await new BillingQueries(database, stage.now).snapshots(tenant, '2026-03-31'))!;
    expect(snapshot).toMatchObject({ version: 1, itemCount: 90 });
    const closed = (await sentTargets(database, tenant)).filter(({ periods }) => periods[0]!.state === 'closed');
    expect(closed.map(({ customerCode }) => customerCode).sort((a, b) => (a < b ? -1 : 1))).toEqual(customers);
  });
});
