import { afterAll, describe, expect, inject, it } from 'vitest';
import {
  agreementLineOf,
  assigned,
  call,
  dayOf,
  daysBefore,
  removed,
  Runtime,
  type Scene,
  seats,
  SERVICE,
  SKU,
  writesOf,
} from '@trueup/testing/product';
import { scene } from './scene.js';
import { nextDay, monthOf } from './plain-model.js';

const HOUR_MS = 3_600_000;

/** A contract of the only customer with other dates than the stage gives it. */
async function contractDates({ msp, customers }: Scene, dates: { startDate?: string; endDate?: string }): Promise<void> {
  const { companyId } = customers[0]!;
  const state = await call<{ contracts: Record<string, unknown>[] }>('GET', `${msp.sandbox.url}/_sandbox/state`);
  const contract = state.contracts.find(({ id }) => id === companyId)!;
  await call('POST', `${msp.sandbox.url}/_sandbox/state`, { body: { contracts: [{ ...contract, ...dates }] } });
}

describe('an agreement', () => {
  it('that has ended gets nothing, and the log says which date is past it', async () => {
    const stage = await scene('Ended contract');
    const customer = stage.customers[0]!;
    await contractDates(stage, { endDate: dayOf(daysBefore(stage.now, 40)) });
    await stage.msp.post(seats(stage, customer, 2));
    await stage.runtime.settled();
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'rejected', code: 'AGREEMENT_NOT_FOUND' });
    expect(await writesOf(stage, customer)).toMatchObject({ count: 0 });
  });

  it('that begins next month is written from its first day', async () => {
    const stage = await scene('Contract to come');
    const customer = stage.customers[0]!;
    const startDate = nextDay(monthOf(stage.today).last);
    await contractDates(stage, { startDate });
    await stage.msp.post(seats(stage, customer, 2));
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ sum: 2, dates: [startDate] });
  });
});

async function sameDateRuleIs(sandboxUrl: string, sameDateRule: string): Promise<void> {
  await call('PATCH', `${sandboxUrl}/_sandbox/state`, { body: { switches: { sameDateRule } } });
}

/** Two changes on one day, each delivered before the next is told, then two more days. */
async function twoChangesOfOneDay(name: string, sameDateChanges: string, sameDateRule: string): Promise<Scene> {
  const stage = await scene(name, { settings: { prorate: true, sameDateChanges } });
  const { msp, runtime } = stage;
  const customer = stage.customers[0]!;
  await sameDateRuleIs(msp.sandbox.url, sameDateRule);
  const start = new Date((await runtime.status()).now);
  await msp.post(seats(stage, customer, 4));
  await runtime.settled();
  await msp.post([removed(customer.code, 'u0', SERVICE, new Date(start.getTime() + HOUR_MS / 60).toISOString())]);
  await runtime.settled();
  for (let day = 0; day < 3; day++) {
    await runtime.advanceClock('P1D');
    await runtime.settled();
  }
  return stage;
}

// The sandbox is one for all suites.
afterAll(() => sameDateRuleIs(new Runtime(inject('home')).endpoints.sandboxes.autotask, 'inside-periods'));

describe.each(['inside-periods', 'always'])("two changes of one day under Autotask's same-date rule (%s)", (rule) => {
  it('are netted at the end of the day and sent once, on their day', async () => {
    const stage = await twoChangesOfOneDay(`Netted ${rule}`, 'net-at-day-end', rule);
    const customer = stage.customers[0]!;
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 3, dates: [stage.today] });
  });

  it('go to the next free date where the connection says so, the day between listed', async () => {
    const stage = await twoChangesOfOneDay(`Next free ${rule}`, 'next-free-date', rule);
    const customer = stage.customers[0]!;
    const { sum, dates } = await writesOf(stage, customer);
    expect([sum, dates]).toEqual([3, [stage.today, nextDay(stage.today)]]);
    const { data } = await stage.msp.api<{ data: object[] }>('GET', '/billing/current/corrections');
    expect(data).toMatchObject([{ units: '-1', from: stage.today, to: nextDay(stage.today), state: 'listed' }]);
  });

  it('are held where the connection says so', async () => {
    const stage = await twoChangesOfOneDay(`Hold ${rule}`, 'hold', rule);
    const customer = stage.customers[0]!;
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 4 });
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'held', code: 'EFFECTIVE_DATE_TAKEN' });
  });
});

describe('a seat that comes and goes within a day', () => {
  it('of a prorating connection bills nothing and is in no line', async () => {
    const stage = await scene('One day', { settings: { prorate: true } });
    const customer = stage.customers[0]!;
    const later = new Date(stage.now.getTime() + 1000).toISOString();
    await stage.msp.post([
      assigned(customer.code, 'guest', SERVICE, stage.now.toISOString()),
      removed(customer.code, 'guest', SERVICE, later),
    ]);
    await stage.runtime.settled();
    await stage.runtime.advanceClock('P2D');
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 0 });
    expect((await stage.msp.line(customer.code, SKU)).quantity).toBe('0');
  });
});
