import type { ProvisioningEvent } from '@trueup/contracts';
import fc from 'fast-check';
import { eventOf } from './projection.fixture.js';

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

/** Events of two customers of one tenant in no order, before and after the beginning of a month. */
export const histories = fc
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
