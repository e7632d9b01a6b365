import { describe, expect, it } from 'vitest';
import { assigned, call, removed, seededRandom, SERVICE } from '@trueup/testing/product';
import { scene } from './scene.js';
import { dayInZone, monthOf, nextDay } from './plain-model.js';

const ZONE = 'Pacific/Auckland';
const MONTHS = 12;
const SEED = 25_1123;

const dayIn = dayInZone(ZONE);

describe('twelve months with outages, summer time and two hundred changes', () => {
  it('bill in the PSA exactly the seat-days of a plain model, month by month', { timeout: 600_000 }, async () => {
    const stage = await scene('Twelve months', { isMapped: false, mode: 'observe' });
    const { msp, runtime } = stage;
    const customer = stage.customers[0]!;
    const random = seededRandom(SEED);
    const now = async (): Promise<string> => (await runtime.status()).now;
    const start = monthOf(dayIn(await now()));
    const settings = { closeDay: 'month-end', timeZone: ZONE, graceHours: 1, liveFrom: start.first };
    await msp.api('PUT', '/settings/billing-period', { body: settings });
    await msp.mapCustomer(customer.code, stage.connectionId, customer.companyId, '2020-01-01');
    await msp.api('PUT', `/connections/${stage.connectionId}/mode`, { body: { mode: 'auto' } });

    const held = new Set<string>();
    const levelAtMonthEnd = new Map<string, number>();
    for (let third = 0; third < MONTHS * 3; third++) {
      const isOutage = third % 9 === 4;
      if (isOutage) await runtime.kill('connector-autotask');
      const at = await now();
      const changes = Array.from({ length: 6 }, (_, n) => {
        const user = `u${Math.floor(random() * 25)}`;
        const time = new Date(Date.parse(at) - 60_000 + n).toISOString();
        const isGone = held.has(user);
        if (isGone) held.delete(user);
        else held.add(user);
        return (isGone ? removed : assigned)(customer.code, user, SERVICE, time);
      });
      await msp.post(changes);
      if (!isOutage) await runtime.settled(90);
      levelAtMonthEnd.set(dayIn(at).slice(0, 7), held.size);
      await runtime.advanceClock('P10DT4H');
      if (isOutage) await runtime.restart('connector-autotask');
      await runtime.settled(120);
    }

    const lastMonth = dayIn(await now()).slice(0, 7);
    let level = 0;
    for (let month = start; month.first.slice(0, 7) < lastMonth; month = monthOf(nextDay(month.last))) {
      level = levelAtMonthEnd.get(month.first.slice(0, 7)) ?? level;
      const url = `${msp.sandbox.url}/_sandbox/billing?contractId=${customer.companyId}&from=${month.first}&to=${month.last}`;
      const { lines } = await call<{ lines: { unitDays: number | string }[] }>('GET', url);
      expect({ month: month.first, unitDays: Number(lines[0]?.unitDays ?? 0) }).toEqual({
        month: month.first,
        unitDays: level * month.days,
      });
    }
  });
});
