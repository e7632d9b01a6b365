import type { Guard } from '@trueup/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { subtractQuantities } from '../../quantity-math.js';
import { type CountedLine, removedSince } from './counted-line.js';
import { flooredSchedule } from './floored-schedule.js';
import { guardProblem } from './guard-problem.js';
import { judgeLine } from './judge-line.js';
import { judgeRun } from './judge-run.js';

const guard = (kind: Guard['kind'], value: string, more: Partial<Guard> = {}): Guard => ({
  id: 'g',
  scope: {},
  kind,
  value,
  ...more,
});
const step = (from: string, quantity: string) => ({ from, quantity, periodId: '2026-11-30' });

let lines = 0;
function line(opening: string, level: string, explained = '0', more: Partial<CountedLine> = {}): CountedLine {
  const key = `al_${++lines}`;
  const place = { agreementLineKey: key, connectionId: 'con_1', billingIdentifier: key, sku: 'E3', customerCodes: [key] };
  return { ...place, opening, level, highest: opening, explained, ...more };
}

const many = (count: number, opening: string, level: string, explained = '0'): CountedLine[] =>
  Array.from({ length: count }, () => line(opening, level, explained));
const codesOf = (all: CountedLine[], guards: Guard[] = []): string[] =>
  [...judgeRun(all, guards).values()].map(({ code }) => code);

describe('a floor', () => {
  const rows = [step('2026-11-01', '2'), step('2026-11-10', '8'), step('2026-11-20', '0')];

  it('lifts what is held, and nothing that is not held', () => {
    expect(flooredSchedule(rows, rows, [guard('floor', '5')]).map(({ quantity }) => quantity)).toEqual(['5', '8', '0']);
  });

  it('counts always when it is unconditional', () => {
    const floors = [guard('floor', '5', { unconditional: true })];
    expect(flooredSchedule(rows, rows, floors).map(({ quantity }) => quantity)).toEqual(['5', '8', '5']);
  });
});

describe('a line by itself', () => {
  const steps = [step('2026-11-01', '9')];

  it('trips a ceiling with both values', () => {
    expect(judgeLine(line('5', '9'), steps, [guard('ceiling', '8')], { zero: false })).toMatchObject({ code: 'GUARD_TRIPPED' });
    expect(judgeLine(line('5', '9'), steps, [guard('ceiling', '9')], { zero: false })).toBeUndefined();
  });

  it('trips the largest change of a line, in units and per cent', () => {
    const judge = (opening: string, level: string, one: Guard) => judgeLine(line(opening, level), [], [one], { zero: false });
    expect(judge('5', '9', guard('max-change', '3', { per: 'line' }))?.message).toContain('5 → 9');
    expect(judge('5', '8', guard('max-change', '3', { per: 'line' }))).toBeUndefined();
    expect(judge('10', '7', guard('max-change', '29', { per: 'line', unit: 'percent' }))).toBeDefined();
    expect(judge('10', '7', guard('max-change', '30', { per: 'line', unit: 'percent' }))).toBeUndefined();
    expect(judge('0', '7', guard('max-change', '30', { per: 'line', unit: 'percent' }))).toBeUndefined();
  });

  it('waits for a hand before it is zeroed where the connection wants that', () => {
    expect(judgeLine(line('5', '0', '5'), [], [], { zero: true })).toMatchObject({ code: 'HELD' });
    expect(judgeLine(line('0', '0'), [], [], { zero: true })).toBeUndefined();
  });
});

describe('absence', () => {
  it('holds an account that would hold nothing', () => {
    expect(codesOf([line('4', '0'), ...many(9, '10', '10')])).toEqual(['PERIOD_EMPTY']);
  });

  it('lets removals empty an account', () => {
    expect(codesOf([line('4', '0', '4'), ...many(9, '10', '10')])).toEqual([]);
  });

  it('holds what goes when more than a fifth of the connection goes', () => {
    expect(codesOf([line('21', '1'), line('79', '79')])).toEqual([]);
    expect(codesOf([line('22', '1'), line('78', '78')])).toEqual(['GUARD_TRIPPED']);
    expect(codesOf([line('22', '1', '1'), line('78', '78')])).toEqual([]);
  });

  it('says nothing about a share of a few units', () => {
    expect(codesOf([line('20', '10')])).toEqual([]);
    expect(codesOf([line('20', '9')])).toEqual(['GUARD_TRIPPED']);
  });

  it('is not what moves from one line of an account to another', () => {
    expect(codesOf([line('40', '0', '0', { billingIdentifier: '7' }), line('0', '40', '0', { billingIdentifier: '7' })])).toEqual(
      [],
    );
  });

  it('counts from the most that was released in the run', () => {
    expect(codesOf([line('0', '0', '0', { highest: '4' })])).toEqual(['PERIOD_EMPTY']);
    expect(codesOf([line('0', '0', '4', { highest: '4' })])).toEqual([]);
  });

  it('holds more than fifty zeroes in a run', () => {
    const mixed = (count: number) =>
      Array.from({ length: count }, (_, index) => [
        line('1', '0', '0', { billingIdentifier: `a${index}` }),
        line('9', '9', '0', { billingIdentifier: `a${index}` }),
      ]).flat();
    expect(codesOf(mixed(50))).toEqual([]);
    expect(codesOf(mixed(51))).toHaveLength(51);
    expect(codesOf(mixed(51), [guard('max-zeroes', '60')])).toEqual([]);
  });

  it('is judged by the limit that a person set', () => {
    expect(codesOf([line('22', '1'), line('78', '78')], [guard('max-absent', '30', { unit: 'percent' })])).toEqual([]);
    expect(codesOf([line('22', '17'), line('78', '78')], [guard('max-absent', '4', { unit: 'units' })])).toEqual([
      'GUARD_TRIPPED',
    ]);
  });
});

describe('changes of a run', () => {
  const ofC1 = { customerCodes: ['C1'] };

  it('hold a customer of whom too many seats go, and no other', () => {
    const all = [line('6', '2', '4', ofC1), line('4', '4', '0', ofC1), line('5', '6')];
    const trips = judgeRun(all, [guard('max-change', '30', { per: 'customer', unit: 'percent' })]);
    expect([...trips.keys()]).toEqual([all[0]!.agreementLineKey]);
  });

  it('hold every change of the run once it is too large', () => {
    const all = [line('6', '2', '4'), line('5', '6'), line('7', '7')];
    expect(judgeRun(all, [guard('max-change', '4', { per: 'run' })]).size).toBe(2);
    expect(judgeRun(all, [guard('max-change', '5', { per: 'run' })]).size).toBe(0);
    expect(judgeRun(all, [guard('max-change', '1', { per: 'run', scope: { sku: 'E5' } })]).size).toBe(0);
  });
});

describe('guards', () => {
  const counted = fc.record({ opening: fc.nat(40), level: fc.nat(40), account: fc.constantFrom('1', '2', '3') });

  it('never hold what removals explain, and nothing that stays or rises, as long as nobody set one', () => {
    fc.assert(
      fc.property(fc.array(counted, { maxLength: 60 }), (all) => {
        const explained = all.map(({ opening, level, account }) => {
          const down = Math.max(0, opening - level);
          return line(String(opening), String(level), String(down), { billingIdentifier: account });
        });
        expect(judgeRun(explained, []).size).toBe(0);
      }),
    );
  });

  it('never hold a line that changes nothing', () => {
    fc.assert(
      fc.property(fc.array(counted, { maxLength: 30 }), fc.nat(20), (all, limit) => {
        const guards = [
          guard('max-change', String(limit), { per: 'run' }),
          guard('max-absent', String(limit), { unit: 'percent' }),
        ];
        const run = all.map((one) => line(String(one.opening), String(one.level), '0', { billingIdentifier: one.account }));
        const trips = judgeRun(run, guards);
        const still = run.filter((one) => subtractQuantities(one.level, one.opening) === '0');
        expect(still.filter((one) => trips.has(one.agreementLineKey))).toEqual([]);
      }),
    );
  });

  it.each([
    [guard('floor', '2.5'), null],
    [guard('floor', '-1'), 'value'],
    [guard('ceiling', '5', { unit: 'percent' }), 'unit'],
    [guard('max-change', '5'), 'per'],
    [guard('max-zeroes', '1.5'), 'value'],
    [guard('window', '20:00-06:00'), 'value'],
    [guard('write-budget', 'few'), 'value'],
    [guard('max-absent', '20', { unit: 'percent' }), null],
  ] as const)('are checked: %o', (one, member) => {
    expect(guardProblem(one)?.member ?? null).toBe(member);
  });

  it('count removals per period since the run began', () => {
    expect(removedSince({ a: '2' }, { a: '5', b: '1' })).toEqual(['3', '1']);
    expect(removedSince({ a: '2', b: '3' }, { b: '3' })).toEqual(['0']);
  });
});
