import type { QuantityChange, Step } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import { judgeStart, type StartInput } from './judge-start.js';

const at = (quantity: string, from = '2026-06-01'): Step[] => [{ from, quantity }];
const change = (steps: Step[], more: Partial<QuantityChange> = {}): QuantityChange =>
  ({ steps, writesFrom: '2026-07-01', prorate: true, onDrift: 'hold', ...more }) as QuantityChange;
const look = (more: Partial<StartInput>): StartInput => ({
  change: change(at('3')),
  held: [],
  isThere: true,
  today: '2026-07-20',
  at: '2026-07-20T10:00:00Z',
  ...more,
});

describe('the first look at a line', () => {
  it('adopts nothing at all as zero, and leaves the first day to write as it is', () => {
    expect(judgeStart(look({ held: [] }))).toMatchObject({
      ok: true,
      writesFrom: '2026-07-01',
      baseline: { steps: [{ quantity: '0' }] },
    });
  });

  it('adopts units that end before the first day to write', () => {
    const held = [...at('5'), { from: '2026-07-01', quantity: '0' }];
    expect(judgeStart(look({ held }))).toMatchObject({ ok: true, writesFrom: '2026-07-01' });
  });

  it('adopts an equal level from today on when prorating, from the period on otherwise', () => {
    expect(judgeStart(look({ held: at('3') }))).toMatchObject({
      ok: true,
      writesFrom: '2026-07-20',
      baseline: { writesFrom: '2026-07-20' },
    });
    const steps = [...at('2'), { from: '2026-07-15', quantity: '3' }];
    expect(judgeStart(look({ held: at('3'), change: change(steps, { prorate: false }) }))).toMatchObject({
      ok: true,
      writesFrom: '2026-07-15',
    });
  });

  it('holds another level, with both values in words', () => {
    expect(judgeStart(look({ held: at('9') }))).toEqual({
      ok: false,
      code: 'DIFFERS_AT_START',
      message: 'At the first look: theirs 9 from 2026-07-20; ours 3 from 2026-07-20',
    });
  });

  it('holds a level that is equal today but scheduled to change', () => {
    const held = [...at('3'), { from: '2026-08-01', quantity: '4' }];
    expect(judgeStart(look({ held }))).toMatchObject({ code: 'DIFFERS_AT_START' });
  });
});

describe('a later look', () => {
  const baseline = { steps: at('0'), at: '2026-07-01T00:00:00Z' };
  const lastLevel = at('3');

  it('goes on from our last level, and never before the day of an equal baseline', () => {
    expect(judgeStart(look({ held: at('3'), baseline, lastLevel }))).toMatchObject({ ok: true, writesFrom: '2026-07-01' });
    const equal = { ...baseline, writesFrom: '2026-07-20' };
    expect(judgeStart(look({ held: at('3'), baseline: equal, lastLevel }))).toMatchObject({ ok: true, writesFrom: '2026-07-20' });
  });

  it('is drift when the PSA holds anything else, unless it is what we want, or vouched for', () => {
    const wanted = change(at('5'));
    expect(judgeStart(look({ change: wanted, held: at('4'), baseline, lastLevel }))).toMatchObject({ code: 'DRIFT_DETECTED' });
    expect(judgeStart(look({ change: wanted, held: at('5'), baseline, lastLevel }))).toMatchObject({
      ok: true,
      lastLevel: at('5'),
    });
    const vouched = change(at('5'), { acceptFound: { steps: at('4', '2026-07-01') } });
    expect(judgeStart(look({ change: vouched, held: at('4'), baseline, lastLevel }))).toMatchObject({
      ok: true,
      lastLevel: at('4'),
    });
  });

  it('finds no drift on days before the first one that was ever looked at', () => {
    const seen = [{ from: '2026-08-01', quantity: '3' }];
    const held = [...at('2', '2026-07-01'), ...seen];
    const corrected = change([{ from: '2026-07-01', quantity: '4' }, ...seen]);
    expect(judgeStart(look({ change: corrected, held, baseline, lastLevel: seen }))).toMatchObject({
      ok: true,
      lastLevel: held,
      writesFrom: '2026-07-01',
    });
  });

  it('remembers from which day on nothing was held', () => {
    const start = judgeStart(look({ held: at('3', '2026-07-05'), baseline, lastLevel: [{ from: '2026-07-05', quantity: '3' }] }));
    expect(start).toMatchObject({
      ok: true,
      lastLevel: [
        { from: '2026-07-01', quantity: '0' },
        { from: '2026-07-05', quantity: '3' },
      ],
    });
    const added = [{ from: '2026-07-02', quantity: '9' }, ...at('3', '2026-07-05')];
    const known = { lastLevel: start.ok ? start.lastLevel : [] };
    expect(judgeStart(look({ change: change(at('3', '2026-07-05')), held: added, baseline, ...known }))).toMatchObject({
      code: 'DRIFT_DETECTED',
    });
  });

  it('looks at no day before the first one to write', () => {
    const held = [...at('9'), { from: '2026-06-30', quantity: '3' }];
    expect(judgeStart(look({ held, baseline, lastLevel }))).toMatchObject({ ok: true });
  });
});

describe('a line whose quantity nobody can read', () => {
  it('begins at zero where there is no record, else where a person says', () => {
    expect(judgeStart(look({ held: 'unreadable', isThere: false }))).toMatchObject({ ok: true, lastLevel: [{ quantity: '0' }] });
    expect(judgeStart(look({ held: 'unreadable' }))).toMatchObject({ ok: false, code: 'DIFFERS_AT_START' });
    const vouched = change(at('5'), { acceptFound: { steps: at('4') } });
    expect(judgeStart(look({ held: 'unreadable', change: vouched }))).toMatchObject({ ok: true, lastLevel: at('4') });
  });

  it('goes on from what a person did there by hand', () => {
    const known = { held: 'unreadable', baseline: { steps: at('2'), at: '2026-07-01T10:00:00Z' }, lastLevel: at('3') } as const;
    expect(judgeStart(look(known))).toMatchObject({ ok: true, lastLevel: at('3') });
    const vouched = change(at('5'), { acceptFound: { steps: at('4') } });
    expect(judgeStart(look({ ...known, change: vouched }))).toMatchObject({ ok: true, lastLevel: at('4') });
  });
});
