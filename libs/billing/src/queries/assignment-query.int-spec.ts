import type { ProvisioningEvent } from '@trueup/contracts';
import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toEventRow } from '../projection/event-row.js';
import { projectEvents } from '../projection/project-events.js';
import { assigned, eventOf, NOW, originOf, startedBilling, unassigned } from '../projection/projection.fixture.js';
import type { AssignmentQuestion } from './assignment-query.js';
import { BillingQueries } from './billing-queries.js';

const TENANT = 'ten_as_of';
let database: DataSource;

async function recorded(at: string, ...events: ProvisioningEvent[]): Promise<void> {
  const rows = events.map((event) => toEventRow({ tenantId: TENANT, event, recordedAt: at }, originOf()));
  await inTransaction(database, (tx) => projectEvents(tx, rows, NOW));
}

beforeAll(async () => {
  database = await startedBilling();
  await recorded(
    '2026-03-05T09:00:01Z',
    assigned('a', '2026-03-05T09:00:00Z', 'C1', 'ann', { planCode: 'p', planName: 'P' }),
    eventOf('n', '2026-03-05T09:00:00Z', 'C1', 'user.created', { userCode: 'ann', name: 'Ann' }),
    assigned('b', '2026-03-05T09:00:00Z', 'C2', 'bob'),
  );
  await recorded('2026-03-12T09:00:00Z', unassigned('late', '2026-03-07T09:00:00Z', 'C1', 'ann'));
  await recorded(
    '2026-03-15T09:00:00Z',
    eventOf('q', '2026-03-10T00:00:00Z', 'C1', 'customer.service.assigned', {
      serviceCode: 'x',
      serviceName: 'X',
      quantity: '2.5',
    }),
    eventOf('end', '2026-03-16T09:00:00Z', 'C2', 'customer.deprovisioned', {}),
  );
});
afterAll(() => database.destroy());

const ask = async (question: AssignmentQuestion, reach: 'tenant' | { customerCodes: string[] } = 'tenant') => {
  const queries = new BillingQueries(database, () => NOW);
  const page = await queries.assignments(TENANT, reach, question, { limit: 50 });
  return page!.data.map(({ customerCode, userCode, serviceCode }) => [customerCode, userCode, serviceCode].join(' '));
};

describe('what was held', () => {
  it('on a day is told as it is known now, or as it was known then', async () => {
    expect(await ask({ asOf: '2026-03-08' })).toEqual(['C2 bob s']);
    expect(await ask({ asOf: '2026-03-08', knownOn: '2026-03-11' })).toEqual(['C1 ann s', 'C2 bob s']);
    expect(await ask({ asOf: '2026-03-06' })).toEqual(['C1 ann s', 'C2 bob s']);
    expect(await ask({ asOf: '2026-03-04' })).toEqual([]);
  });

  it('is what is held today when no day is given', async () => {
    expect(await ask({})).toEqual(['C1  x']);
  });

  it('counts a day as it ended', async () => {
    expect([await ask({ asOf: '2026-03-09', customer: 'C1' }), await ask({ asOf: '2026-03-10', customer: 'C1' })]).toEqual([
      [],
      ['C1  x'],
    ]);
  });

  it('names plan, quantity, who and since when', async () => {
    const queries = new BillingQueries(database, () => NOW);
    const [ann] = (await queries.assignments(TENANT, 'tenant', { asOf: '2026-03-06' }, { limit: 1 }))!.data;
    expect(ann).toEqual({
      ...{ customerCode: 'C1', customerName: 'C1', userCode: 'ann', userName: 'Ann', kind: 'service', serviceCode: 's' },
      ...{ serviceName: 'Service', instance: '', planCode: 'p', planName: 'P', sku: 'SKU-s', quantity: '1' },
      ...{ since: '2026-03-05T09:00:00.000Z', eventId: 'a', actor: {} },
    });
  });

  it('comes in pages that leave nothing out and stay within reach', async () => {
    const queries = new BillingQueries(database, () => NOW);
    const question = { asOf: '2026-03-11', knownOn: '2026-03-11' };
    const first = (await queries.assignments(TENANT, 'tenant', question, { limit: 1 }))!;
    const second = (await queries.assignments(TENANT, 'tenant', question, { limit: 1, cursor: first.nextCursor! }))!;
    expect([...first.data, ...second.data].map(({ userCode }) => userCode)).toEqual(['ann', 'bob']);
    expect(second.nextCursor).toBeNull();
    expect(await ask(question, { customerCodes: ['C2'] })).toEqual(['C2 bob s']);
    expect(await queries.assignments('ten_unknown', 'tenant', {}, { limit: 1 })).toBeNull();
  });
});
