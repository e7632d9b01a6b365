import { parseOptions } from './cli/parse-options.js';
import { RunReport } from './cli/run-report.js';
import { planRuns } from './run/plan-runs.js';
import { runPairs } from './run/run-pairs.js';
import { runPlans } from './run/run-plans.js';

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const plans = planRuns(options);
  const report = new RunReport(options.out, (line) => void process.stdout.write(`${line}\n`));
  await runPlans(plans, options, (run) => report.add(run));
  if (options.pairsMs > 0) await runPairs(options, (run) => report.add(run));
  return report.end() ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
});
