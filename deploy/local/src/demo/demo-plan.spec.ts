import { createHash } from 'node:crypto';
import { parseEvent } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import { demoCalendar, instantOn } from './demo-calendar.js';
import { demoCardStories } from './demo-card-stories.js';
import { soldProducts } from './demo-catalogue.js';
import { demoCustomers } from './demo-customers.js';
import { type DemoPlan, demoPlan } from './demo-plan.js';

const now = new Date('2026-11-23T10:00:00Z');
const plan = demoPlan(now);
const eventsOf = ({ history, today }: DemoPlan): DemoPlan['history'] => [...history, ...today];
const hashOf = (one: unknown): string => createHash('sha256').update(JSON.stringify(one)).digest('hex');

describe('the demo', () => {
  it('is the same, byte for byte, for the same seed and local day', () => {
    const laterThatDay = demoPlan(new Date('2026-11-23T10:59:59Z'));

    expect(hashOf(eventsOf(laterThatDay))).toBe(hashOf(eventsOf(plan)));
    expect(hashOf(laterThatDay.sandbox)).toBe(hashOf(plan.sandbox));
    expect(hashOf(eventsOf(demoPlan(now, 7)))).not.toBe(hashOf(eventsOf(plan)));
  });

  it('has 40 customers, three of them through a reseller, about 2,500 users and twelve services', () => {
    expect(demoCustomers).toHaveLength(40);
    expect(new Set(demoCustomers.map(({ code }) => code)).size).toBe(40);
    expect(demoCustomers.filter(({ reseller }) => reseller !== null)).toHaveLength(3);
    expect(Math.abs(plan.world.people.length - 2500)).toBeLessThan(150);
    expect(new Set(soldProducts.map(({ serviceCode }) => serviceCode)).size).toBe(12);
  });

  it('posts events that ingest takes, each with an id of its own', () => {
    const events = eventsOf(plan);
    const faults = events.map((event) => parseEvent(event, now)).filter((parsed) => 'errors' in parsed);

    expect(faults).toEqual([]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
  });

  it.each(['2026-11-25T10:59:59Z', '2026-11-25T11:00:00Z', '2026-04-05T12:30:00Z', '2028-02-29T12:00:00Z'])(
    'has nothing ahead of the first minute of the local day of %s, and nothing before its four periods',
    (instant) => {
      const { calendar, ...rest } = demoPlan(new Date(instant));
      const times = eventsOf({ calendar, ...rest }).map(({ time }) => time);

      expect(times.filter((time) => time > instantOn(calendar.today, 60))).toEqual([]);
      expect(times.filter((time) => time < instantOn(calendar.periods[0].start))).toEqual([]);
    },
  );

  it('shows a PSA with as many units as there are seats, where nothing is wrong', () => {
    const { contractServices } = plan.sandbox as { contractServices: { id: number; units: number }[] };
    const well = demoCustomers.filter(
      ({ oddity, reseller, connection }) => connection === 'main' && oddity === null && !reseller,
    );
    const mail = soldProducts.find(({ sku }) => sku === 'MAIL')!;
    const shown = well.map(
      ({ companyId }) => contractServices.find(({ id }) => id === companyId * 1000 + mail.psaServiceId)?.units ?? 0,
    );

    expect(shown).toEqual(well.map((customer) => plan.world.unitsOf(customer, mail)));
  });

  it('tells four stories', () => {
    expect(demoCardStories(now).map(({ path }) => path)).toEqual([
      '/billing/2026-10-25/items?customer=alder-finch&user=jo.disputed&service=office',
      '/billing/current/items?customer=bayside-dental&user=lee.leaver',
      '/mappings/unmapped',
      '/holds',
    ]);
  });
});

describe('the calendar of the demo', () => {
  it.each([
    ['2026-11-25T10:59:59Z', '2026-11-25', '2026-10-26'],
    ['2026-11-25T11:00:00Z', '2026-11-26', '2026-11-26'],
    ['2027-01-10T00:00:00Z', '2027-01-10', '2026-12-26'],
  ])('says at %s that it is %s, in the period that began on %s', (instant, today, start) => {
    const calendar = demoCalendar(new Date(instant));

    expect([calendar.today, calendar.periods[3].start]).toEqual([today, start]);
  });

  it('knows the midnights of days on which clocks change', () => {
    expect([instantOn('2026-09-27'), instantOn('2026-09-28'), instantOn('2027-04-04'), instantOn('2027-04-05')]).toEqual([
      ...['2026-09-26T12:00:00.000Z', '2026-09-27T11:00:00.000Z'],
      ...['2027-04-03T11:00:00.000Z', '2027-04-04T12:00:00.000Z'],
    ]);
  });
});
