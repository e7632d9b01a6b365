import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from './cli/parse-options.js';
import { planRuns } from './run/plan-runs.js';
import { HEADER, tableOfRuns } from './run/run-record.js';
import { runPairs } from './run/run-pairs.js';
import { runPlans } from './run/run-plans.js';

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  print(HEADER);
  const runs = await runPlans(planRuns(options), options, print);
  if (options.pairsMs > 0) runs.push(...(await runPairs(options, print)));
  const out = options.out ?? join(mkdtempSync(join(tmpdir(), 'trueup-faults-')), 'runs.json');
  writeFileSync(out, `${JSON.stringify({ runs }, null, 2)}\n`);
  const passed = runs.filter(({ hasPassed }) => hasPassed).length;
  print(`\n${tableOfRuns(runs)}\n\n${passed} of ${runs.length} runs passed; ${out}`);
  return passed === runs.length && runs.length > 0 ? 0 : 1;
}

process.exitCode = await main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
});
