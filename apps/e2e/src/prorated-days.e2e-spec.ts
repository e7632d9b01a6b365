import { describe, expect, it } from 'vitest';
import { assigned, call, removed, type Scene, seededRandom, SERVICE } from '@trueup/testing/product';
import { scene } from './scene.js';
import { dayInZone, monthOf, nextDay } from './plain-model.js';

const ZONE = 'Europe/Amsterdam';
const DAYS = 50;
const OUTAGE = { from: 20, to: 29 };
const dayIn = dayInZone(ZONE);

async function prorating(name: string): Promise<Scene> {
  const stage = await scene(name, { isMapped: false, mode: 'observe', settings: { prorate: true } });
  const first = monthOf(dayIn(stage.now.toISOString())).first;
  const settings = { closeDay: 25, timeZone: ZONE, graceHours: 1, liveFrom: first };
  await stage.msp.api('PUT', '/settings/billing-period', { body: settings });
  await stage.msp.mapCustomer(stage.customers[0]!.code, stage.connectionId, stage.customers[0]!.companyId, '2020-01-01');
  await stage.msp.api('PUT', `/connections/${stage.connectionId}/mode`, { body: { mode: 'auto' } });
  return stage;
}

describe('a prorating connection of an MSP that closes on the 25th', () => {
  it('bills every seat-day of fifty days, an outage of nine days included', { timeout: 600_000 }, async () => {
    const stage = await prorating('Prorated');
    const { msp, runtime } = stage;
    const customer = stage.customers[0]!;
    const random = seededRandom(7);
    const held = new Set<string>();
    const levels = new Map<string, number>();
    const firstDay = dayIn((await runtime.status()).now);
    for (let day = 0; day < DAYS; day++) {
      if (day === OUTAGE.from) await runtime.kill('connector-autotask');
      if (day === OUTAGE.to) await runtime.restart('connector-autotask');
      const { now } = await runtime.status();
      const hasChange = random() < 0.4 || day === OUTAGE.from + 2 || day === OUTAGE.from + 6;
      const changes = Array.from({ length: hasChange ? 3 : 0 }, (_, n) => {
        const user = `u${Math.floor(random() * 12)}`;
        const isGone = held.delete(user);
        if (!isGone) held.add(user);
        return (isGone ? removed : assigned)(customer.code, user, SERVICE, new Date(Date.parse(now) + n).toISOString());
      });
      if (changes.length > 0) await msp.post(changes);
      levels.set(dayIn(now), held.size);
      if (day < OUTAGE.from || day >= OUTAGE.to) await runtime.settled(90);
      await runtime.advanceClock('P1D');
    }
    await runtime.settled(120);

    const today = dayIn((await runtime.status()).now);
    const expected: Record<string, number> = {};
    const billed: Record<string, number> = {};
    for (let day = firstDay; day < today; day = nextDay(day)) {
      expected[day] = levels.get(day) ?? expected[day] ?? 0;
      const url = `${msp.sandbox.url}/_sandbox/billing?contractId=${customer.companyId}&from=${day}&to=${day}`;
      const { lines } = await call<{ lines: { unitDays: number | string }[] }>('GET', url);
      billed[day] = Number(lines[0]?.unitDays ?? 0);
    }
    expect(billed).toEqual(expected);
  });
});
