import type { AcceptedEvents } from '@trueup/billing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AcceptedCount } from './accepted-count.js';

const NINE = new Date('2026-03-10T09:00:00Z');
const TEN = new Date('2026-03-10T10:00:00Z');

/** A store of totals that can be away, and the count before it. Nothing is written but by `write` and `stop`. */
function counting() {
  const stored = new Map<string, number>();
  const store = { isAway: false, isLost: false, writes: 0, now: TEN };
  const said: string[] = [];
  const write = (totals: readonly AcceptedEvents[]): Promise<void> => {
    store.writes += 1;
    if (store.isAway) return Promise.reject(new Error('away'));
    for (const { tenantId, hour, accepted } of totals) stored.set(`${tenantId} ${hour.toISOString()}`, accepted);
    return store.isLost ? Promise.reject(new Error('no answer')) : Promise.resolve();
  };
  const logger = {
    info: (_: object, text: string) => void said.push(text),
    warn: (_: object, text: string) => void said.push(text),
  };
  const count = new AcceptedCount({ write, now: () => store.now, logger: logger as never, everyMs: 1_000_000 });
  return { count, store, stored, said };
}

describe('AcceptedCount', () => {
  it('writes one total per tenant and hour, and nothing when nothing is new', async () => {
    const { count, store, stored } = counting();
    count.add('ten_1', new Date('2026-03-10T09:59:59.999Z'), 2);
    count.add('ten_1', TEN, 3);
    count.add('ten_1', new Date('2026-03-10T10:30:00Z'), 4);
    count.add('ten_2', TEN, 1);
    count.add('ten_2', TEN, 0);
    await count.write();
    await count.write();
    expect(Object.fromEntries(stored)).toEqual({
      [`ten_1 ${NINE.toISOString()}`]: 2,
      [`ten_1 ${TEN.toISOString()}`]: 7,
      [`ten_2 ${TEN.toISOString()}`]: 1,
    });
    expect(store.writes).toBe(1);
  });

  it('keeps what it counted while the store is away, says so once, and writes it when the store is back', async () => {
    const { count, store, stored, said } = counting();
    store.isAway = true;
    count.add('ten_1', TEN, 2);
    await count.write();
    count.add('ten_1', TEN, 3);
    await count.write();
    expect([count.unwritten, stored.size]).toEqual([5, 0]);
    store.isAway = false;
    await count.write();
    expect([count.unwritten, [...stored.values()]]).toEqual([0, [5]]);
    expect(said).toEqual([
      'acknowledged events cannot be counted at the moment; the counts are kept',
      'acknowledged events are counted again',
    ]);
  });

  it('ends in the totals of all events, whatever writes fail or are stored without an answer', async () => {
    const steps = fc.array(fc.record({ tenant: fc.nat(2), events: fc.nat(9), fate: fc.constantFrom('ok', 'away', 'lost') }));
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        const { count, store, stored } = counting();
        for (const { tenant, events, fate } of drawn) {
          Object.assign(store, { isAway: fate === 'away', isLost: fate === 'lost' });
          count.add(`ten_${tenant}`, TEN, events);
          await count.write();
        }
        Object.assign(store, { isAway: false, isLost: false });
        await count.stop();
        const total = drawn.reduce((sum, { events }) => sum + events, 0);
        expect([...stored.values()].reduce((sum, events) => sum + events, 0)).toBe(total);
      }),
    );
  });

  it('counts an hour on after hours of silence, though it has long forgotten what it wrote', async () => {
    const { count, store, stored } = counting();
    count.add('ten_1', NINE, 2);
    await count.write();
    store.now = new Date('2026-03-10T11:00:00Z');
    count.add('ten_1', NINE, 1);
    await count.write();
    expect([...stored.values()]).toEqual([3]);
  });

  it('says what it could not count at the stop', async () => {
    const { count, store, said } = counting();
    store.isAway = true;
    count.add('ten_1', TEN, 2);
    await count.stop();
    expect(said.at(-1)).toBe('the last acknowledged events are not counted');
  });
});
