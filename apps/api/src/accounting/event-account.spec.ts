import type { EventBalance, OpenDifference } from '@trueup/billing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventAccountOf, miscounts, missingEvents } from './event-account.js';
import { timeScaleAt } from './time-scale.js';

const NOW = new Date('2026-03-20T12:30:00Z');
const at = (time: string): Date => new Date(`2026-03-20T${time}:00Z`);
const scale = timeScaleAt(NOW);

const balance = (hour: string, accepted: number, applied: number, more: Partial<EventBalance> = {}): EventBalance => ({
  ...{ tenantId: 'ten_1', hour: at(hour), accepted, applied, duplicates: 0, quarantined: 0 },
  ...more,
});
const open = (since: string, upto: number, more: Partial<OpenDifference> = {}): OpenDifference => ({
  ...{ tenantId: 'ten_1', identity: 'events', hour: at('12:00'), since: at(since), size: 1, upto },
  ...more,
});

describe('eventAccountOf', () => {
  it('adds up for any counts, whatever is under watch', () => {
    const count = fc.nat(20);
    const counts = fc.record({ accepted: count, applied: count, duplicates: count, quarantined: count });
    const watched = fc.option(fc.record({ minutes: fc.nat(30), upto: count }), { nil: undefined });
    fc.assert(
      fc.property(counts, watched, (drawn, mark) => {
        const since = new Date(NOW.getTime() - (mark?.minutes ?? 0) * 60_000);
        const marks = mark ? [open('12:00', mark.upto, { since })] : [];
        const { total } = eventAccountOf([balance('12:00', 0, 0, drawn)], marks, scale);
        const { accepted, unacknowledged, applied, duplicate, quarantined, inFlight, unexplained } = total;
        expect(accepted + unacknowledged).toBe(applied + duplicate + quarantined + inFlight + unexplained);
        expect(Math.min(unacknowledged, inFlight + unexplained)).toBe(0);
      }),
    );
  });

  it.each([
    ['no check has seen it yet', [], 'inFlight'],
    ['a check saw it less than ten minutes ago', [open('12:21', 5)], 'inFlight'],
    ['a check saw it ten minutes ago', [open('12:20', 5)], 'unexplained'],
    ['what was missing then has come meanwhile', [open('11:00', 3)], 'inFlight'],
    ['another identity has a difference in that hour', [open('11:00', 5, { identity: 'stored' })], 'inFlight'],
  ] as const)('tells what is missing by its age: %s', (_, marks, expected) => {
    const { total, events } = eventAccountOf([balance('12:00', 5, 3)], marks, scale);
    expect({ inFlight: total.inFlight, unexplained: total.unexplained }).toEqual({ inFlight: 0, unexplained: 0, [expected]: 2 });
    expect(events.count).toBe(total.unexplained);
  });

  it('says since when the oldest has been missing', () => {
    const balances = [balance('10:00', 1, 0), balance('11:00', 1, 0), balance('12:00', 1, 0)];
    const marks = [open('11:40', 1, { hour: at('11:00') }), open('11:50', 1, { hour: at('10:00') })];
    expect(eventAccountOf(balances, marks, scale).events).toEqual({ count: 2, since: at('11:40') });
  });

  it('knows a difference of an hour again when its day stands together', () => {
    const [day, hour] = [new Date('2026-03-01T00:00:00Z'), new Date('2026-03-01T07:00:00Z')];
    const marks = [open('12:00', 1, { hour, since: new Date('2026-03-01T08:00:00Z') })];
    expect(eventAccountOf([balance('12:00', 1, 0, { hour: day })], marks, scale).total.unexplained).toBe(1);
  });

  it('takes more than was acknowledged for no loss', () => {
    expect(eventAccountOf([balance('12:00', 1, 3)], [open('10:00', 1)], scale)).toMatchObject({
      total: { unacknowledged: 2, inFlight: 0, unexplained: 0 },
      events: { count: 0, since: null },
    });
  });
});

describe('missingEvents', () => {
  it('finds hours of which something is still to come, with what must be reached', () => {
    expect(missingEvents([balance('11:00', 5, 3, { quarantined: 1 }), balance('12:00', 2, 2)])).toEqual([
      { tenantId: 'ten_1', hour: at('11:00'), size: 1, reached: 4, upto: 5 },
    ]);
  });
});

describe('miscounts', () => {
  it('finds a counter above its rows, below them, and rows without a counter', () => {
    const counted = ['09:00', '10:00', '11:00'].map((hour) => ({ tenantId: 'ten_1', hour: at(hour), count: 3 }));
    const stored = [
      ['09:00', 3],
      ['10:00', 2],
      ['12:00', 4],
    ] as const;
    const found = miscounts(
      counted,
      stored.map(([hour, count]) => ({ tenantId: 'ten_1', hour: at(hour), stored: count })),
    );
    expect(found.map(({ hour, size }) => [hour, size])).toEqual([
      [at('10:00'), 1],
      [at('11:00'), 3],
      [at('12:00'), 4],
    ]);
  });
});
