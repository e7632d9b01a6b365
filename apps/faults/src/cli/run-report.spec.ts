import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RunRecord } from '../run/run-record.js';
import { RunReport } from './run-report.js';

const run: RunRecord = {
  ...{ seed: 1, faults: 'F3', title: 'something breaks', mustHold: 'it holds', events_in: 10, effects_out: 4 },
  ...{ lost: 0, doubled: 0, leaked: 0, reordered: 0, parked: 0, unknown_left: 0, unexplained: 0 },
  ...{ recovery_s: 2, took_s: 9, figures: {}, findings: [], broken: [], hasPassed: true },
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trueup-report-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const reportInto = (lines: string[]): { report: RunReport; file: string } => {
  const file = join(folder, 'runs.json');
  return { report: new RunReport(file, (line) => void lines.push(line)), file };
};

describe('the report', () => {
  it('has every run in its file as soon as it ends', () => {
    const { report, file } = reportInto([]);
    report.add(run);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ runs: [run] });
  });

  it('tells what was found under the line of a run', () => {
    const lines: string[] = [];
    const { report } = reportInto(lines);
    report.add({
      ...run,
      hasPassed: false,
      findings: [{ kind: 'lost', count: 1, what: 'an event' }],
      broken: ['not true: it holds'],
    });
    expect(lines.slice(2)).toEqual(['  lost: an event', '  not true: it holds']);
  });

  it.each([
    ['every run passed', [true, true], true],
    ['one failed', [true, false], false],
    ['there was none', [], false],
  ])('ends well only when all runs passed: %s', (_, verdicts, isGood) => {
    const { report } = reportInto([]);
    for (const hasPassed of verdicts) report.add({ ...run, hasPassed });
    expect(report.end()).toBe(isGood);
  });
});
