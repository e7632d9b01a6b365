import { type Options, parseOptions } from './cli/parse-options.js';
import { RunReport } from './cli/run-report.js';
import { planRuns, type RuntimePlan } from './run/plan-runs.js';
import { runPairs } from './run/run-pairs.js';
import { runPlans } from './run/run-plans.js';

async function main(): Promise<number> {
  const asked = whatIsAsked();
  if (asked === null) return 2;
  const { options, plans } = asked;
  const report = new RunReport(options.out, (line) => void process.stdout.write(`${line}\n`));
  await runPlans(plans, options, (run) => report.add(run));
  if (options.pairsMs > 0) await runPairs(options, (run) => report.add(run));
  return report.end() ? 0 : 1;
}

/** Null after a sentence for the person who asked for something that there is not. */
function whatIsAsked(): { options: Options; plans: RuntimePlan[] } | null {
  try {
    const options = parseOptions(process.argv.slice(2));
    return { options, plans: planRuns(options) };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return null;
  }
}

process.exitCode = await main();
