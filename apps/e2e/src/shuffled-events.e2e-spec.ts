import { describe, expect, it } from 'vitest';
import {
  assigned,
  type CloudEvent,
  daysBefore,
  removed,
  seededRandom,
  SERVICE,
  shuffled,
  SKU,
  writesOf,
} from '@trueup/testing/product';
import { scene } from './scene.js';

/** Who holds a seat when the events are told in the order in which they happened: the plain truth to compare with. */
function holdersOf(events: readonly CloudEvent[], customer: string): number {
  const held = new Set<unknown>();
  for (const { type, data, subject } of [...events].sort((a, b) => (a.time < b.time ? -1 : 1))) {
    if (subject !== customer) continue;
    if (type.endsWith('.assigned.v1')) held.add(data['userCode']);
    else held.delete(data['userCode']);
  }
  return held.size;
}

describe('two hundred shuffled, duplicated events', () => {
  it('end in the units that a plain model gives, each written without loss or repeat', async () => {
    const seed = 20_261_123;
    const random = seededRandom(seed);
    const stage = await scene('Shuffled', { customers: 4 });
    const events = Array.from({ length: 200 }, (_, n) => {
      const customer = stage.customers[Math.floor(random() * 4)]!.code;
      const time = new Date(daysBefore(stage.now, 20).getTime() + n * 60_000).toISOString();
      const make = random() < 0.65 ? assigned : removed;
      return make(customer, `u${Math.floor(random() * 15)}`, SERVICE, time);
    });
    const arrivals = shuffled(random, [...events, ...events.filter(() => random() < 0.5)]);
    for (let at = 0; at < arrivals.length; at += 23) {
      const { rejected } = await stage.msp.post(arrivals.slice(at, at + 23));
      expect(rejected, `seed ${seed}`).toBe(0);
    }
    await stage.runtime.settled();
    for (const customer of stage.customers) {
      const expected = holdersOf(events, customer.code);
      expect((await stage.msp.line(customer.code, SKU)).quantity, `seed ${seed}`).toBe(String(expected));
      expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today), `seed ${seed}`).toBe(expected);
      expect((await writesOf(stage, customer)).sum, `seed ${seed}`).toBe(expected);
    }
  });
});
