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
): Promise<void> {
  for (const plan of plans) await runPlan(plan, options, onRun);
}

/** A run that failed may have left anything behind: what comes after it gets a new runtime. */
async function runPlan({ needs, runs }: RuntimePlan, options: Options, onRun: (record: RunRecord) => void): Promise<void> {
  let borrowed: BorrowedRuntime | null = null;
  try {
    for (const { faults, seed } of runs) {
      borrowed ??= await runtimeFor(needs, options);
      const record = await runFault(borrowed.runtime, faults, seed);
      onRun(record);
      if (record.hasPassed) continue;
      await borrowed.stop();
      borrowed = null;
    }
  } finally {
    await borrowed?.stop();
  }
}
