import { inOrder } from '@trueup/domain';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRowBalances } from '../accounting/row-balances.js';
import { BillingQueries } from '../queries/billing-queries.js';
import { histories } from './histories.fixture.js';
import { NOW, project, startedBilling } from './projection.fixture.js';

let database: DataSource;
let queries: BillingQueries;

beforeAll(async () => {
  database = await startedBilling();
  queries = new BillingQueries(database, () => NOW);
});
afterAll(() => database.destroy());

const worlds = histories.chain((events) =>
  fc.record({
    events: fc.constant(events),
    arrival: fc.shuffledSubarray([...events, ...events], { minLength: events.length, maxLength: events.length * 2 }),
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 30, maxLength: 30 }),
  }),
);

/** Everything that the truth says of a tenant, with nothing that names the tenant or a version. */
async function truthOf(tenantId: string): Promise<unknown> {
  const holdings = await database.query(
    `select customer_code, user_code, kind, code, instance, row_key, sku, is_billable, first_from, last_to, changed_at, level::text,
       (content::jsonb - 'lineKey')::text as content
     from billing.holding where tenant_id = $1 order by 1, 2, 3, 4, 5, 6`,
    [tenantId],
  );
  // A line that was sent and is gone again says "0"; one that never came to be says nothing.
  const lines = await database.query(
    `select customer_code, sku, term, billing_plan, site_code, content::text as content from billing.line_target
     where tenant_id = $1 and jsonb_path_exists(content, '$.periods[*] ? (@.present != "0" || @.removed != "0")') order by 1, 2, 3, 4, 5`,
    [tenantId],
  );
  const periods = ['current', 'previous', '2026-01-31'];
  const items = await Promise.all(periods.map((period) => queries.items(tenantId, 'tenant', period, {}, { limit: 500 })));
  const summaries = await Promise.all(periods.map((period) => queries.summary(tenantId, 'tenant', period, {}, { limit: 500 })));
  const withoutKeys = JSON.parse(
    JSON.stringify(items, (key, value: unknown) => (key === 'lineKey' ? undefined : value)),
  ) as unknown;
  return { holdings, lines, items: withoutKeys, summaries };
}

describe('the projection', () => {
  let run = 0;

  it('gives the same bytes for any order, duplication and batching', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async ({ events, arrival, sizes }) => {
        const [inTurn, shuffled] = [`ten_in_turn_${++run}`, `ten_shuffled_${run}`];
        const queue = [...arrival, ...events.filter((event) => !arrival.includes(event))];
        await project(database, inTurn, inOrder(events));
        for (const size of [...sizes, 1000]) if (queue.length > 0) await project(database, shuffled, queue.splice(0, size));
        expect(await truthOf(shuffled)).toEqual(await truthOf(inTurn));
        const balances = [...(await readRowBalances(database, NOW, inTurn)), ...(await readRowBalances(database, NOW, shuffled))];
        expect(balances.filter(({ rows, targets, differing }) => rows !== targets || differing.length > 0)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });
});
