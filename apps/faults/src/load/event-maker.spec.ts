import type { CloudEvent } from '@trueup/testing/product';
import { describe, expect, it } from 'vitest';
import { EventMaker } from './event-maker.js';

const FIRST = Date.parse('2026-11-21T08:00:00Z');
const NOW = new Date('2026-11-23T08:00:00Z');
const maker = (seed: number, actor = 'desk-of-main'): EventMaker =>
  new EventMaker(seed, ['CUST-1', 'CUST-2'], { prefix: 'F1-7', actor }, FIRST);
const whatHappened = ({ type, subject, data }: CloudEvent): unknown => ({ type, subject, data });

describe('generated events', () => {
  it('are the same for the same seed, whatever the batches', () => {
    const [whole, parts] = [maker(7), maker(7)];
    const inParts = [...parts.next(30, NOW), ...parts.next(70, NOW)];
    expect(inParts.map(whatHappened)).toEqual(whole.next(100, NOW).map(whatHappened));
  });

  it('differ with the seed, and between the two tenants of a run though their ids are the same', () => {
    const [main, other, neighbour] = [maker(7), maker(8), maker(7, 'desk-of-neighbour')].map((each) => each.next(50, NOW));
    expect(other!.map(whatHappened)).not.toEqual(main!.map(whatHappened));
    expect(neighbour!.map(whatHappened)).not.toEqual(main!.map(whatHappened));
    expect(neighbour!.map(({ id }) => id)).toEqual(main!.map(({ id }) => id));
  });

  it('happen strictly one after the other and never later than now, however many there are', () => {
    const times = maker(3)
      .next(3000, NOW)
      .map(({ time }) => Date.parse(time));
    expect(times.every((time, index) => time > (times[index - 1] ?? FIRST))).toBe(true);
    expect(times.at(-1)).toBeLessThanOrEqual(NOW.getTime());
  });

  it('are of every kind that the truth counts', () => {
    const kinds = new Set(
      maker(1)
        .next(400, NOW)
        .map(({ type }) => type.replace(/^trueup\.(.*)\.v1$/, '$1')),
    );
    expect([...kinds].sort()).toEqual([
      'customer.moved',
      'customer.service.assigned',
      'customer.service.quantity-changed',
      'customer.service.removed',
      'user.removed',
      'user.renamed',
      'user.service.assigned',
      'user.service.plan-changed',
      'user.service.removed',
    ]);
  });
});
