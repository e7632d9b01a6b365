import type { ProvisioningEvent } from '@trueup/contracts';
import { inOrder } from '@trueup/domain';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BillingQueries } from '../queries/billing-queries.js';
import { eventOf, NOW, project, startedBilling } from './projection.fixture.js';

let database: DataSource;
let queries: BillingQueries;

beforeAll(async () => {
  database = await startedBilling();
  queries = new BillingQueries(database, () => NOW);
});
afterAll(() => database.destroy());

const customer = fc.constantFrom('C1', 'C2');
const user = fc.constantFrom('ann', 'bob');
const sku = fc.constantFrom(undefined, 'A', 'B');
const service = fc.constantFrom('s', 't');
const given = (parts: object): object => Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));

const bodies = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('user.service.assigned'), userCode: user, serviceCode: service, sku }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('user.service.removed'), userCode: user, serviceCode: service }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('user.service.plan-changed'),
      userCode: user,
      serviceCode: service,
      planCode: fc.constantFrom('p', 'q'),
      sku,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('customer.service.assigned'),
      serviceCode: service,
      sku,
      quantity: fc.constantFrom('0', '2', '7.5'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('customer.service.quantity-changed'),
      serviceCode: service,
      quantity: fc.constantFrom('0', '3'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('user.removed'), userCode: user }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('user.created'), userCode: user, name: fc.constantFrom('N1', 'N2') }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('customer.renamed'), name: fc.constantFrom('M1', 'M2') }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('customer.moved'),
      resellerCode: fc.constantFrom('R1', null),
      billedBy: fc.constant('reseller'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('customer.deprovisioned') }) },
);

// Few instants, so that equal times are common; some before liveFrom, some in the running month.
const instants = fc.constantFrom(
  '2026-01-15T10:00:00Z',
  '2026-02-28T23:30:00Z',
  '2026-03-01T00:00:00Z',
  '2026-03-05T09:00:00Z',
  '2026-03-05T09:00:00.5Z',
  '2026-03-19T23:59:59Z',
);

const histories = fc
  .array(fc.record({ customer, at: instants, body: bodies }), { minLength: 1, maxLength: 14 })
  .map((seeds) => seeds.map(({ customer: code, at, body }, index) => toEvent(`e${index}`, at, code, body)));

function toEvent(id: string, at: string, code: string, { type, ...data }: { type: string }): ProvisioningEvent {
  const named = type.includes('service.assigned')
    ? { serviceName: 'Service' }
    : type.includes('plan-changed')
      ? { planName: 'Plan' }
      : {};
  return eventOf(id, at, code, type, given({ ...data, ...named }));
}

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
      }),
      { numRuns: 25 },
    );
  });
});
