import type { ConnectionSettings, Memory, Next, PastWrite, QuantityChange } from '@trueup/connector-sdk';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeOf, levelsOf, ModelUnits, rawOf } from './units.model.js';
import { planUnits } from './plan-units.js';

const settings = (more: Partial<ConnectionSettings> = {}): ConnectionSettings => ({
  prorate: true,
  mayCreateLine: false,
  dateAlignment: 'psa-period',
  onPostedPeriod: 'next',
  sameDateChanges: 'net-at-day-end',
  onDrift: 'hold',
  counting: 'active',
  companyMatch: 'id',
  skuField: 'ServiceId',
  calculationOwner: 'psa',
  requireHand: { create: false, zero: false },
  ...more,
});

const memory = (more: Partial<Memory> = {}): Memory => ({
  today: '2026-07-20',
  lastLevel: [],
  usedDates: [],
  writes: [],
  ...more,
});

const refused = (effectiveDate: string, code: PastWrite['code']): PastWrite => ({
  writeKey: 'k',
  version: 1,
  effectiveDate,
  state: 'refused',
  code,
});

/** Plans and carries out until the plan rests, as the SDK does. */
function carryOut(
  change: QuantityChange,
  psa: ModelUnits,
  remembered: Memory,
  connection: ConnectionSettings,
): { next: Next; writes: number } {
  for (let writes = 0; writes < 30; writes++) {
    const next = planUnits(change, psa.held, remembered, connection);
    if (next.do !== 'write') return { next, writes };
    const { body } = next.write.request as { body: { unitChange: number; effectiveDate: string } };
    const error = psa.adjust(body);
    if (error === undefined) expect(psa.steps).toEqual(next.write.after);
    const state = error === undefined ? ('confirmed' as const) : ('refused' as const);
    const code = error?.includes('duplicate') === true ? ('EFFECTIVE_DATE_TAKEN' as const) : undefined;
    const written = { writeKey: String(writes), version: 1, effectiveDate: body.effectiveDate, state, code };
    if (error !== undefined && code === undefined) throw new Error(error);
    const usedDates = error === undefined ? [...remembered.usedDates, body.effectiveDate] : remembered.usedDates;
    remembered = { ...remembered, usedDates, writes: [...remembered.writes, written] };
  }
  throw new Error('the plan does not come to rest');
}

describe('the plan of an Autotask line', () => {
  const eleven = () => new ModelUnits([{ from: '2026-07-01', quantity: '11' }], rawOf(), false);

  it('is one signed adjustment on the day of the step', () => {
    const next = planUnits(
      changeOf([
        ['2026-07-01', '11'],
        ['2026-07-13', '14'],
      ]),
      eleven().held,
      memory(),
      settings(),
    );
    expect(next).toMatchObject({
      do: 'write',
      write: {
        code: 'LINE_UPDATED',
        effectiveDate: '2026-07-13',
        request: {
          method: 'POST',
          path: 'Contracts/7001/ServiceAdjustments',
          body: { contractID: 7001, contractServiceID: 9050, unitChange: 3, effectiveDate: '2026-07-13' },
        },
      },
    });
  });

  it('is nothing where every day agrees', () => {
    expect(planUnits(changeOf([['2026-06-01', '11']]), eleven().held, memory(), settings())).toMatchObject({ do: 'nothing' });
  });

  it('waits for the end of an open day when prorating', () => {
    const next = planUnits(
      changeOf([
        ['2026-07-01', '11'],
        ['2026-07-20', '12'],
      ]),
      eleven().held,
      memory(),
      settings(),
    );
    expect(next).toMatchObject({ do: 'wait', until: '2026-07-21' });
  });

  it('writes at once on the period start when not prorating', () => {
    const change = changeOf([['2026-07-01', '12']], { prorate: false });
    expect(planUnits(change, eleven().held, memory(), settings())).toMatchObject({
      do: 'write',
      write: { effectiveDate: '2026-07-01' },
    });
  });

  it('moves to the next period start of Autotask when not prorating, and says so', () => {
    const change = changeOf([['2026-07-26', '12']], { prorate: false, writesFrom: '2026-07-26' });
    expect(planUnits(change, eleven().held, memory(), settings())).toMatchObject({
      write: { effectiveDate: '2026-08-01', meantFor: '2026-07-26' },
    });
    const exact = planUnits(change, eleven().held, memory(), settings({ dateAlignment: 'exact' }));
    expect(exact).toMatchObject({ write: { effectiveDate: '2026-07-26' } });
  });

  it("keeps our own days where Autotask's period is longer", () => {
    const contract = { ...rawOf().contract, periodMonths: 12 };
    const psa = new ModelUnits([{ from: '2026-07-01', quantity: '11' }], rawOf({ contract }), false);
    const change = changeOf(
      [
        ['2026-07-01', '11'],
        ['2026-08-01', '12'],
      ],
      { prorate: false },
    );
    expect(planUnits(change, psa.held, memory(), settings())).toMatchObject({ write: { effectiveDate: '2026-08-01' } });
  });

  it('leaves a posted period alone and goes to the next start, or holds', () => {
    const posted = [{ start: '2026-07-01', end: '2026-07-31' }];
    const psa = new ModelUnits([{ from: '2026-07-01', quantity: '11' }], rawOf({ posted }), false);
    const change = changeOf([['2026-07-01', '12']], { prorate: false });
    expect(planUnits(change, psa.held, memory(), settings())).toMatchObject({ write: { effectiveDate: '2026-08-01' } });
    const held = planUnits(change, psa.held, memory(), settings({ onPostedPeriod: 'hold' }));
    expect(held).toMatchObject({ do: 'hold', code: 'PERIOD_POSTED' });
  });

  it("treats Autotask's refusal of a posted period like posted rows", () => {
    const change = changeOf([['2026-07-01', '12']], { prorate: false });
    const next = planUnits(change, eleven().held, memory({ writes: [refused('2026-07-01', 'PERIOD_POSTED')] }), settings());
    expect(next).toMatchObject({ write: { effectiveDate: '2026-08-01' } });
  });

  it('waits for the next free period start once Autotask refused the day, and writes there as one delta', () => {
    const change = changeOf([['2026-07-01', '12']], { prorate: false });
    const writes = [refused('2026-07-01', 'EFFECTIVE_DATE_TAKEN')];
    const waiting = planUnits(change, eleven().held, memory({ writes }), settings());
    expect(waiting).toMatchObject({ do: 'wait', until: '2026-08-01', code: 'EFFECTIVE_DATE_TAKEN' });
    const later = planUnits(change, eleven().held, memory({ writes, today: '2026-08-01' }), settings());
    expect(later).toMatchObject({ write: { effectiveDate: '2026-08-01', request: { body: { unitChange: 1 } } } });
  });

  it('takes the next day for a used date when prorating, at most one on', () => {
    const change = changeOf([
      ['2026-07-01', '11'],
      ['2026-07-13', '15'],
    ]);
    const next = planUnits(change, eleven().held, memory({ usedDates: ['2026-07-13'] }), settings());
    expect(next).toMatchObject({ write: { effectiveDate: '2026-07-14', meantFor: '2026-07-13' } });
    const both = memory({ usedDates: ['2026-07-13', '2026-07-14'] });
    expect(planUnits(change, eleven().held, both, settings())).toMatchObject({ do: 'hold', code: 'EFFECTIVE_DATE_TAKEN' });
  });

  it('holds a used date where the connection says hold', () => {
    const change = changeOf([
      ['2026-07-01', '11'],
      ['2026-07-13', '15'],
    ]);
    const next = planUnits(change, eleven().held, memory({ usedDates: ['2026-07-13'] }), settings({ sameDateChanges: 'hold' }));
    expect(next).toMatchObject({ do: 'hold', code: 'EFFECTIVE_DATE_TAKEN' });
  });

  it('creates a missing line by its service where that is allowed, and refuses otherwise', () => {
    const held = { steps: [], records: [], raw: rawOf({ contractServiceId: null }) };
    const change = changeOf([['2026-07-01', '2']], { prorate: false });
    expect(planUnits(change, held, memory(), settings())).toMatchObject({ do: 'refuse', code: 'LINE_MISSING' });
    expect(planUnits({ ...change, mayCreateLine: true }, held, memory(), settings())).toMatchObject({
      write: { code: 'LINE_CREATED', request: { body: { serviceID: 412, unitChange: 2 } } },
    });
    expect(planUnits(changeOf([['2026-07-01', '0']]), held, memory(), settings())).toMatchObject({ do: 'nothing' });
  });

  it('tells the days that a posted period or a taken date leaves as they are', () => {
    const posted = [{ start: '2026-07-01', end: '2026-07-31' }];
    const moved = new ModelUnits([{ from: '2026-07-01', quantity: '11' }], rawOf({ posted }), false);
    const change = changeOf([['2026-07-01', '13']], { prorate: false });
    const { next } = carryOut(change, moved, memory(), settings());
    const days = { wanted: '2026-07-01', taken: '2026-08-01', units: '2' };
    expect(next).toEqual({ do: 'nothing', shifted: [{ ...days, reason: 'posted' }] });
    const writes = [refused('2026-07-01', 'EFFECTIVE_DATE_TAKEN')];
    const waiting = planUnits(change, eleven().held, memory({ writes }), settings());
    expect(waiting).toMatchObject({ do: 'wait', shifted: [{ ...days, reason: 'date-taken' }] });
  });

  it('writes into no period before a posted one, since a change alters every later day', () => {
    const posted = [{ start: '2026-08-01', end: '2026-08-31' }];
    const psa = new ModelUnits([{ from: '2026-07-01', quantity: '11' }], rawOf({ posted }), false);
    const change = changeOf([['2026-07-01', '12']], { prorate: false });
    expect(planUnits(change, psa.held, memory(), settings())).toMatchObject({ write: { effectiveDate: '2026-09-01' } });
  });

  it('waits for the next contract where this one has no period left', () => {
    const contract = { ...rawOf().contract, end: '2026-07-31' };
    const psa = new ModelUnits([{ from: '2026-07-01', quantity: '11' }], rawOf({ contract }), false);
    const steps = [
      ['2026-07-01', '11'],
      ['2026-07-26', '12'],
    ] as const;
    const wait = { do: 'wait', until: '2026-08-01' };
    expect(planUnits(changeOf(steps, { prorate: false }), psa.held, memory(), settings())).toMatchObject({
      ...wait,
      code: 'EFFECTIVE_DATE_SHIFTED',
      shifted: [],
    });
    const posted = rawOf({ contract, posted: [{ start: '2026-07-01', end: '2026-07-31' }] });
    const late = planUnits(changeOf(steps), { ...psa.held, raw: posted }, memory(), settings());
    expect(late).toMatchObject({
      ...wait,
      code: 'PERIOD_POSTED',
      shifted: [{ wanted: '2026-07-26', taken: '2026-08-01', units: '1', reason: 'posted' }],
    });
  });

  it('refuses fractions and a contract that has ended', () => {
    expect(planUnits(changeOf([['2026-07-01', '2.5']]), eleven().held, memory(), settings())).toMatchObject({
      code: 'CAPABILITY_MISSING',
    });
    const late = changeOf([['2026-07-01', '2']], { writesFrom: '2027-07-01' });
    expect(planUnits(late, eleven().held, memory(), settings())).toMatchObject({ do: 'refuse', code: 'AGREEMENT_NOT_FOUND' });
  });

  it('raises a later scheduled decrease first, so that no day goes below zero', () => {
    const psa = new ModelUnits(
      [
        { from: '2026-07-01', quantity: '5' },
        { from: '2026-07-10', quantity: '2' },
      ],
      rawOf(),
      false,
    );
    const { next, writes } = carryOut(changeOf([['2026-07-01', '0']]), psa, memory(), settings());
    expect({ next, writes, steps: psa.steps }).toEqual({
      next: { do: 'nothing', shifted: [] },
      writes: 2,
      steps: [{ from: '2026-07-01', quantity: '0' }],
    });
  });

  const day = fc.integer({ min: 1, max: 19 }).map((n) => `2026-07-${String(n).padStart(2, '0')}`);
  const schedule = fc
    .uniqueArray(fc.tuple(day, fc.integer({ min: 0, max: 9 }).map(String)), {
      selector: ([from]) => from,
      minLength: 1,
      maxLength: 5,
    })
    .map((steps) => steps.toSorted((a, b) => a[0].localeCompare(b[0])));

  it('makes every past day agree from any clean start, with one change a day at most', () => {
    fc.assert(
      fc.property(schedule, schedule, (wanted, held) => {
        const psa = new ModelUnits(
          held.map(([from, quantity]) => ({ from, quantity })),
          rawOf(),
          false,
        );
        const { next } = carryOut(changeOf(wanted), psa, memory(), settings());
        expect(next).toMatchObject({ do: 'nothing' });
        const expected = wanted.map(([from, quantity]) => ({ from, quantity }));
        expect(levelsOf(psa.steps, '2026-07-01', '2026-07-31')).toEqual(levelsOf(expected, '2026-07-01', '2026-07-31'));
        expect(new Set(psa.changed).size).toBe(psa.changed.length);
      }),
    );
  });

  it('comes to rest after any sequence of targets, agreeing on every day but the shifted ones', () => {
    fc.assert(
      fc.property(fc.array(schedule, { minLength: 1, maxLength: 4 }), fc.boolean(), (targets, isFirstDayFree) => {
        const psa = new ModelUnits([], rawOf(), isFirstDayFree);
        let remembered = memory({ today: '2026-07-25' });
        for (const wanted of targets) {
          const { next } = carryOut(changeOf(wanted), psa, remembered, settings());
          remembered = { ...remembered, usedDates: [...psa.changed] };
          expect(['nothing', 'hold']).toContain(next.do);
          if (next.do !== 'nothing') return;
          expect(levelsOf(psa.steps, '2026-07-31', '2026-07-31')).toEqual([Number(wanted.at(-1)![1])]);
        }
      }),
    );
  });
});
