import fc from 'fast-check';
import { type EventType, type ProvisioningEvent, parseEvent } from '@trueup/contracts';

// Few of everything, so that events meet: equal times written differently, midnights, both changes of Berlin's clocks, one millisecond.
const TIMES = [
  '2026-01-31T22:59:59.999Z',
  '2026-01-31T23:00:00Z',
  '2026-02-01T00:00:00+01:00',
  '2026-02-14T10:00:00Z',
  '2026-02-14T11:00:00.000000001+01:00',
  '2026-02-14T10:00:00.001Z',
  '2026-02-28T23:00:00Z',
  '2026-03-01T00:00:00Z',
  '2026-03-10T12:30:00Z',
  '2026-03-10T18:00:00-01:30',
  '2026-03-28T22:30:00Z',
  '2026-03-28T23:00:00Z',
  '2026-03-29T22:00:00Z',
  '2026-03-31T22:00:00Z',
  '2026-04-15T08:00:00.5Z',
];

const maybe = <T>(...values: T[]): fc.Arbitrary<T | undefined> => fc.constantFrom(undefined, ...values);
const user = fc.constantFrom('u1', 'u2');
const service = { serviceCode: fc.constantFrom('mail', 'office'), instance: maybe('', 'second') };
const plan = fc.constantFrom('basic', 'full');
const terms = {
  sku: maybe('SKU-A', 'SKU-B'),
  term: maybe('P1M', 'P1Y'),
  billingPlan: maybe('monthly'),
  siteCode: maybe('north'),
};
const quantity = fc.constantFrom('0', '1', '2.5', '3', '0.5');
const resource = { resourceCode: fc.constantFrom('mail', 'printer'), kind: fc.constantFrom('application', 'resource') };
const changedPlan = { ...service, planCode: plan, planName: fc.constantFrom('Plan', 'Other plan'), ...terms };
const assigned = { ...service, serviceName: fc.constantFrom('Mail', 'Post'), planCode: maybe('basic', 'full'), ...terms };
const removedUnits = fc.record({ userCode: user, ...service });

const DATA: Record<EventType, fc.Arbitrary<object>> = {
  'trueup.customer.created.v1': fc.record({ name: fc.constantFrom('Acme', 'Bolt'), resellerCode: maybe('r1') }),
  'trueup.customer.renamed.v1': fc.record({ name: fc.constantFrom('Acme', 'Cord') }),
  'trueup.customer.moved.v1': fc.record({
    resellerCode: fc.constantFrom(null, 'r1', 'r2'),
    billedBy: fc.constantFrom('provider', 'reseller'),
  }),
  'trueup.customer.deprovisioned.v1': fc.constant({}),
  'trueup.customer.service.assigned.v1': fc.record({ ...assigned, quantity: fc.option(quantity, { nil: undefined }) }),
  'trueup.customer.service.quantity-changed.v1': fc.record({ ...service, quantity }),
  'trueup.customer.service.plan-changed.v1': fc.record(changedPlan),
  'trueup.customer.service.removed.v1': fc.record(service),
  'trueup.user.created.v1': fc.record({ userCode: user, name: fc.constantFrom('Ann', 'Bob'), upn: maybe('ann@acme.test') }),
  'trueup.user.renamed.v1': fc.record({ userCode: user, name: fc.constantFrom('Ann', 'Cid') }),
  'trueup.user.removed.v1': fc.record({ userCode: user }),
  'trueup.user.service.assigned.v1': fc.record({ userCode: user, ...assigned }),
  'trueup.user.service.plan-changed.v1': fc.record({ userCode: user, ...changedPlan }),
  'trueup.user.service.removed.v1': removedUnits,
  'trueup.user.resource.assigned.v1': fc.record({ userCode: user, ...resource, resourceName: fc.constant('Thing'), ...terms }),
  'trueup.user.resource.unassigned.v1': fc.record({ userCode: user, ...resource }),
  'trueup.domain.added.v1': fc.record({ domain: fc.constant('acme.test') }),
  'trueup.domain.removed.v1': fc.record({ domain: fc.constant('acme.test') }),
};

// A third of the sets crowd onto one assignment, or few instants: rare meetings become common.
const CROWDED_TYPES: readonly EventType[] = [
  'trueup.customer.service.assigned.v1',
  'trueup.customer.service.plan-changed.v1',
  'trueup.customer.service.quantity-changed.v1',
  'trueup.customer.service.removed.v1',
];
const USER_TYPES: readonly EventType[] = [
  'trueup.user.service.assigned.v1',
  'trueup.user.service.plan-changed.v1',
  'trueup.user.service.removed.v1',
  'trueup.user.removed.v1',
  'trueup.customer.deprovisioned.v1',
];
const ALL_TYPES = Object.keys(DATA) as EventType[];
const ONE_ASSIGNMENT = { userCode: 'u1', serviceCode: 'mail', instance: '' };

const drafts = fc
  .record({
    types: fc.constantFrom(CROWDED_TYPES, USER_TYPES, ALL_TYPES, ALL_TYPES),
    times: fc.oneof(fc.subarray(TIMES, { minLength: 1, maxLength: 4 }), fc.constant(TIMES)),
    sources: fc.subarray(['/a', '/b', '/\u{1f600}', '/\uffee'], { minLength: 1 }),
    sequences: fc.constantFrom([undefined], [undefined, '1', '2', '10', '007']),
  })
  .chain(({ types, times, sources, sequences }) => {
    const isCrowded = types !== ALL_TYPES;
    const draft = fc.constantFrom(...types).chain((type) =>
      fc.record({
        type: fc.constant(type),
        data: DATA[type].map((data) => (isCrowded ? onto(ONE_ASSIGNMENT, data) : data)),
        time: fc.constantFrom(...times),
        source: fc.constantFrom(...sources),
        sourceseq: fc.constantFrom(...sequences),
        actorid: maybe('desk-1', 'script-7'),
      }),
    );
    return fc.array(draft, { minLength: 1, maxLength: isCrowded ? 12 : 30, size: 'max' });
  });

function onto(assignment: Record<string, string>, data: object): object {
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, assignment[name] ?? (value as unknown)]));
}

/** Sets of events of one customer in no order, each with an id of its own. */
export const eventSets: fc.Arbitrary<ProvisioningEvent[]> = drafts.map((set) =>
  set.map((draft, index) => toEvent({ ...draft, id: `e-${index}` })),
);

/** The same events in another order, some of them several times, cut into batches. */
export function deliveriesOf(events: readonly ProvisioningEvent[]): fc.Arbitrary<ProvisioningEvent[][]> {
  const repeats = fc.array(fc.constantFrom(...events), { maxLength: 8 });
  return repeats
    .chain((repeated) => fc.shuffledSubarray([...events, ...repeated], { minLength: events.length + repeated.length }))
    .chain((order) =>
      fc.array(fc.integer({ min: 0, max: order.length }), { maxLength: 6 }).map((cuts) => batchesOf(order, cuts)),
    );
}

function batchesOf(order: readonly ProvisioningEvent[], cuts: readonly number[]): ProvisioningEvent[][] {
  const edges = [0, ...cuts.toSorted((a, b) => a - b), order.length];
  return edges.slice(1).map((edge, index) => order.slice(edges[index], edge));
}

/** An event as ingest would have accepted it; parts that are undefined are left out. */
export function toEvent(draft: object): ProvisioningEvent {
  const parsed = parseEvent(JSON.parse(JSON.stringify({ specversion: '1.0', subject: 'c1', ...draft })));
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors));
  return parsed.event;
}
