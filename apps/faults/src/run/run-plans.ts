import type { Options } from '../cli/parse-options.js';
import type { RuntimePlan } from './plan-runs.js';
import { runFault } from './run-fault.js';
import type { RunRecord } from './run-record.js';
import { type BorrowedRuntime, runtimeFor } from './runtime-for.js';

/** Carries all plans out, one runtime after the other, and tells each run as it ends. */
export async function runPlans(
  plans: readonly RuntimePlan[],
  options: Options,
  onRun: (record: RunRecord) => void,
): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  for (const plan of plans) records.push(...(await runPlan(plan, options, onRun)));
  return records;
}

/** A run that failed may have left anything behind: what comes after it gets a new runtime. */
async function runPlan({ needs, runs }: RuntimePlan, options: Options, onRun: (record: RunRecord) => void): Promise<RunRecord[]> {
  const records: RunRecord[] = [];
  let borrowed: BorrowedRuntime | null = null;
  try {
    for (const { faults, seed } of runs) {
      borrowed ??= await runtimeFor(needs, options);
      const record = await runFault(borrowed.runtime, faults, seed);
      records.push(record);
      onRun(record);
      if (record.hasPassed) continue;
      await borrowed.stop();
      borrowed = null;
    }
  } finally {
    await borrowed?.stop();
  }
  return records;
}
