import { describe, expect, it } from 'vitest';
import { agreementLineOf, assigned, runLogOf, type Scene, seats, SERVICE, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';
import { monthOf, nextDay } from './plain-model.js';

/** An MSP that closes on the 25th, before a PSA that bills from the 1st. */
async function closingOn25th(
  name: string,
  settings: Record<string, unknown> = {},
): Promise<Scene & { periodStart: string; psaStart: string }> {
  const stage = await scene(name, { isMapped: false, mode: 'observe', settings });
  const { msp } = stage;
  const start = twentySixthBefore(stage.today);
  await msp.api('PUT', '/settings/billing-period', { body: { closeDay: 25, timeZone: 'UTC', graceHours: 1, liveFrom: start } });
  await msp.mapCustomer(stage.customers[0]!.code, stage.connectionId, stage.customers[0]!.companyId, '2020-01-01');
  await msp.api('PUT', `/connections/${stage.connectionId}/mode`, { body: { mode: 'auto' } });
  return { ...stage, periodStart: start, psaStart: nextDay(monthOf(start).last) };
}

/** The latest 26th that is not after `day`: the first day of a period that closes on the 25th. */
function twentySixthBefore(day: string): string {
  const month = day.slice(8) >= '26' ? day : `${dayBefore(monthOf(day).first)}`;
  return `${month.slice(0, 7)}-26`;
}

function dayBefore(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

async function codesIn(stage: Scene): Promise<string[]> {
  return (await runLogOf<{ code: string }>(stage)).map((entry) => entry.code);
}

describe('an MSP that closes on the 25th against PSA periods from the 1st', () => {
  it("dates a period's quantity on the first day on which the PSA begins one", async () => {
    const stage = await closingOn25th('Closes on the 25th');
    const customer = stage.customers[0]!;
    await stage.msp.post(seats(stage, customer, 4));
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toEqual({ count: 1, sum: 4, dates: [stage.psaStart] });
    expect(await codesIn(stage)).toContain('EFFECTIVE_DATE_SHIFTED');
  });

  it('dates it exactly where the connection says so', async () => {
    const stage = await closingOn25th('Exact dates', { dateAlignment: 'exact' });
    const customer = stage.customers[0]!;
    await stage.msp.post(seats(stage, customer, 4));
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toEqual({ count: 1, sum: 4, dates: [stage.periodStart] });
  });
});

describe('a period that the PSA has posted', () => {
  it('is never written into: the change goes to the next one, and says so', async () => {
    const stage = await scene('Posted');
    const customer = stage.customers[0]!;
    await stage.msp.post(seats(stage, customer, 4));
    await stage.runtime.settled();
    await stage.msp.sandbox.postPeriod(customer.companyId, stage.monthStart);
    await stage.msp.post([assigned(customer.code, 'one-more', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    const next = nextDay(monthOf(stage.monthStart).last);
    expect(await writesOf(stage, customer)).toEqual({ count: 2, sum: 5, dates: [stage.monthStart, next] });
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(4);
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, next)).toBe(5);
    expect(await codesIn(stage)).toContain('EFFECTIVE_DATE_SHIFTED');
    // The seat-days that the posted period does not bill are listed for a person, to the unit and day.
    const { data: corrections } = await stage.msp.api<{ data: unknown[] }>('GET', '/billing/current/corrections');
    const listed = { units: '1', from: stage.monthStart, to: next, reason: 'posted', state: 'listed' };
    expect(corrections).toMatchObject([listed]);
  });

  it('holds the change where the connection wants a person to look', async () => {
    const stage = await scene('Posted, hold', { settings: { onPostedPeriod: 'hold' } });
    const customer = stage.customers[0]!;
    await stage.msp.post(seats(stage, customer, 4));
    await stage.runtime.settled();
    await stage.msp.sandbox.postPeriod(customer.companyId, stage.monthStart);
    await stage.msp.post([assigned(customer.code, 'one-more', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'held', code: 'PERIOD_POSTED' });
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 4 });
  });
});
