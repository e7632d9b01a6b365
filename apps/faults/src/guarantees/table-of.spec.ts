import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../catalogue.js';
import type { RunRecord } from '../run/run-record.js';
import { rowsOf } from './rows-of.js';
import { PLANNED, tableOf } from './table-of.js';

const run = (more: Partial<RunRecord>): RunRecord => ({
  ...{ seed: 1, faults: 'F3', title: 'something breaks', mustHold: 'it holds', events_in: 10, effects_out: 4 },
  ...{ lost: 0, doubled: 0, leaked: 0, reordered: 0, parked: 0, unknown_left: 0, unexplained: 0 },
  ...{ recovery_s: 2, took_s: 9, figures: {}, findings: [], broken: [], hasPassed: true },
  ...more,
});

describe('the table of guarantees', () => {
  it('knows every fault of the plan', () => {
    const injected = CATALOGUE.map(({ id }) => id);
    expect(PLANNED.filter((id) => !injected.includes(id))).toEqual([]);
  });

  it('names what has no run', () => {
    expect(tableOf(rowsOf([run({})]))).toMatch(/no run of it .*\n\n- \*\*F1\*\*: ingest/);
    const all = PLANNED.map((faults) => run({ faults }));
    expect(tableOf(rowsOf(all))).toContain('Every fault of the plan has runs');
  });

  it('lists each fault once and in order', () => {
    expect(new Set(CATALOGUE.map(({ id }) => id)).size).toBe(CATALOGUE.length);
    const numbers = CATALOGUE.map(({ id }) => Number(id.slice(1)));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it('sums the runs of a fault up, with the median and the largest recovery and the range of its figures', () => {
    const runs = [1, 2, 3].map((seed) => run({ seed, recovery_s: seed * 2, figures: { refused: seed } }));
    expect(rowsOf(runs)).toMatchObject([
      {
        fault: 'F3',
        seeds: 3,
        passed: 3,
        events_in: 30,
        recovery: { median: 4, largest: 6 },
        figures: { refused: { from: 1, to: 3 } },
      },
    ]);
  });

  it('hides no failed run', () => {
    const failed = run({ seed: 2, lost: 2, recovery_s: -1, hasPassed: false, broken: ['not true: it holds'] });
    const row = rowsOf([run({}), failed])[0]!;
    expect(tableOf([row])).toContain('Runs that did not pass:\n\n- `F3, seed 2: not true: it holds`');
    expect(tableOf([row])).toContain('| F3 | something breaks. Holds: it holds | 2 | 1 | 20 | 8 | 2 |');
    expect(tableOf([row])).toContain('never');
  });

  it('takes the later of two runs with one seed', () => {
    expect(rowsOf([run({ lost: 1, hasPassed: false }), run({})])).toMatchObject([{ seeds: 1, passed: 1, lost: 0 }]);
  });
});
