import { describe, expect, it } from 'vitest';
import { HEADER, lineOfRun, type RunRecord, tableOfRuns } from './run-record.js';

const run: RunRecord = {
  ...{ seed: 7, faults: 'F13', title: 'the answer is lost', mustHold: 'one effect', events_in: 80, effects_out: 31 },
  ...{ lost: 0, doubled: 2, leaked: 0, reordered: 0, parked: 1, unknown_left: 0, unexplained: 0 },
  ...{ recovery_s: 3.4, took_s: 20, figures: { resent: 0, spoiled: 24 }, findings: [], broken: [], hasPassed: false },
};

describe('a run', () => {
  it('is one line under the columns of the plan, with its own figures and the verdict', () => {
    expect(HEADER).toBe('seed faults events_in effects_out lost doubled leaked reordered parked unknown_left recovery_s');
    expect(lineOfRun(run)).toBe('7 F13 80 31 0 2 0 0 1 0 3.4 resent=0 spoiled=24 FAILED');
  });

  it('stands in a table whose columns are aligned', () => {
    const lines = tableOfRuns([run, { ...run, seed: 12_345, hasPassed: true }]).split('\n');
    expect(new Set(lines.map((line) => line.length)).size).toBe(1);
    expect(lines.map((line) => line.trim().split(/\s+/).at(-1))).toEqual(['verdict', 'FAILED', 'ok']);
  });
});
