import { parseEvent } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import { demoEvents } from './demo-events.js';
import { demoCustomers, demoProducts, demoUnits, demoUsers } from './demo-msp.js';
import { demoSandboxState } from './demo-sandbox.js';

const now = new Date('2026-11-23T10:00:00Z');

describe('the demo', () => {
  it('has 6 customers and 60 users, each with a code of its own', () => {
    expect(demoCustomers).toHaveLength(6);
    expect(new Set(demoUsers.map(({ code }) => code)).size).toBe(60);
  });

  it('posts events that ingest takes, in one batch', () => {
    const faults = demoEvents(now)
      .map((event) => parseEvent(event, now))
      .filter((parsed) => 'errors' in parsed);

    expect(faults).toEqual([]);
    expect(demoEvents(now).length).toBeLessThanOrEqual(1000);
    expect(JSON.stringify(demoEvents(now)).length).toBeLessThan(1024 * 1024);
  });

  it('is the same every time, each event with an id of its own', () => {
    const ids = demoEvents(now).map(({ id }) => id);

    expect(demoEvents(now)).toEqual(demoEvents(now));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each(['2026-11-01T00:00:00Z', '2026-02-28T23:59:59Z', '2028-02-29T12:00:00Z'])('has nothing ahead of %s', (instant) => {
    const latest = Math.max(...demoEvents(new Date(instant)).map(({ time }) => Date.parse(time)));

    expect(latest).toBeLessThanOrEqual(Date.parse(instant));
  });

  it('shows a PSA that agrees with the events, except for the customers that are behind', () => {
    const { contractServices } = demoSandboxState(now) as { contractServices: { units: number }[] };
    const expected = demoCustomers.flatMap((one) => demoProducts.map((product) => (one.isBehind ? 0 : demoUnits(one, product))));

    expect(contractServices.map(({ units }) => units)).toEqual(expected);
    expect(demoUnits(demoCustomers[0]!, demoProducts[0]!)).toBe(10);
  });
});
