import type { Options } from '../cli/parse-options.js';
import type { RuntimePlan } from './plan-runs.js';
import { runFault } from './run-fault.js';
import { lineOfRun, type RunRecord } from './run-record.js';
import { runtimeFor } from './runtime-for.js';

/** Carries all plans out, one runtime after the other, and prints a line per run as it ends. */
export async function runPlans(
  plans: readonly RuntimePlan[],
  options: Options,
  print: (line: string) => void,
): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const { needs, runs } of plans) {
    const { runtime, stop } = await runtimeFor(needs, options);
    try {
      for (const { faults, seed } of runs) {
        const record = await runFault(runtime, faults, seed);
        records.push(record);
        print(lineOfRun(record));
        for (const { kind, what } of record.findings) print(`  ${kind}: ${what}`);
        for (const sentence of record.broken) print(`  ${sentence}`);
      }
    } finally {
      await stop();
    }
  }
  return records;
}
