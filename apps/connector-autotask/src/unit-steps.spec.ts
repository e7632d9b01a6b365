import { describe, expect, it } from 'vitest';
import { unitSteps } from './unit-steps.js';

const row = (id: number, start: string, end: string, units: number) => ({ id, start, end, units });
const july = row(1, '2026-07-01', '2026-07-31', 11);
const august = (units: number) => row(9, '2026-08-01', '2026-08-31', units);

describe('units by date', () => {
  it('take the place of a row that ends where they begin', () => {
    const rows = [row(1, '2026-07-01', '2026-07-13', 11), row(2, '2026-07-13', '2026-07-31', 14), august(14)];
    expect(unitSteps(rows, [])).toEqual({
      steps: [
        { from: '2026-07-01', quantity: '11' },
        { from: '2026-07-13', quantity: '14' },
      ],
    });
  });

  it('are the same when a row ends the day before', () => {
    const rows = [row(1, '2026-07-01', '2026-07-12', 11), row(2, '2026-07-13', '2026-07-31', 14)];
    expect(unitSteps(rows, [])).toMatchObject({ steps: [{ quantity: '11' }, { from: '2026-07-13', quantity: '14' }] });
  });

  it('of a change on the last day are told by the next period', () => {
    const rows = [july, row(2, '2026-07-31', '2026-07-31', 14), august(14)];
    expect(unitSteps(rows, [])).toMatchObject({ steps: [{ quantity: '11' }, { from: '2026-07-31', quantity: '14' }] });
    const increments = [july, row(2, '2026-07-31', '2026-07-31', 3), august(14)];
    expect(unitSteps(increments, [])).toMatchObject({ steps: [{ quantity: '11' }, { from: '2026-07-31', quantity: '14' }] });
  });

  it('are told by a known level at the end of the contract, else by nobody', () => {
    const rows = [july, row(2, '2026-07-31', '2026-07-31', 14)];
    expect(unitSteps(rows, [])).toEqual({ unclearOn: '2026-07-31' });
    expect(unitSteps(rows, [[{ from: '2026-07-31', quantity: '25' }]])).toMatchObject({ steps: [{}, { quantity: '25' }] });
    expect(unitSteps(rows, [[{ from: '2026-07-31', quantity: '14' }]])).toMatchObject({ steps: [{}, { quantity: '14' }] });
  });

  it('are zero in a gap and before the first row', () => {
    const rows = [july, row(3, '2026-09-01', '2026-09-30', 5)];
    expect(unitSteps(rows, [])).toMatchObject({
      steps: [{ from: '2026-07-01' }, { from: '2026-08-01', quantity: '0' }, { from: '2026-09-01', quantity: '5' }],
    });
    expect(unitSteps([], [])).toEqual({ steps: [] });
  });
});
