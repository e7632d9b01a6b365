// Everything that must hold before a change lands. Ends with one plain line: `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');
const bin = (name) => join(root, 'node_modules/.bin', name);
const reports = mkdtempSync(join(tmpdir(), 'trueup-tests-'));
// Fewer tests than this means that a suite was not found, which must not look green.
const FEWEST = { unit: 1800, integration: 800, 'end to end': 95, faults: 24 };

const checks = [
  ['types of the specs', bin('tsc'), ['-p', 'tsconfig.specs.json']],
  ['lint', bin('oxlint'), ['--type-aware']],
  ['format', bin('prettier'), ['--check', '.', '--log-level', 'warn']],
  ['boundaries', process.execPath, ['deploy/checks/boundaries.mjs']],
  ['alarms', process.execPath, ['deploy/checks/alerts.mjs']],
  ['security list', process.execPath, ['deploy/checks/security.mjs']],
  ['committed schemas', process.execPath, ['libs/contracts/dist/schemas/write-schemas.js', '--check']],
];
const suites = [
  ['unit', 'vitest.config.ts', {}],
  ['integration', 'vitest.config.ts', { TRUEUP_TESTS: 'int' }],
  ['end to end', 'apps/e2e/vitest.config.ts', {}],
];

const only = process.argv.slice(2);
const isWanted = (name) => only.length === 0 || only.includes(name);
const total = { passed: 0, failed: 0 };

for (const [name, command, args] of checks) {
  if (isWanted(name)) count(name, (await run(name, command, args)) === 0 ? 1 : 0, 1);
}
for (const [name, config, env] of suites) {
  if (isWanted(name)) await runSuite(name, config, env);
}
if (isWanted('faults')) await runFaults('faults');
rmSync(reports, { recursive: true, force: true });
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function runSuite(name, config, env) {
  const report = join(reports, `${name.replaceAll(' ', '-')}.json`);
  const args = ['run', '--config', config, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await run(name, process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], env);
  const { numPassedTests, numFailedTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
  total.passed += numPassedTests;
  total.failed += numFailedTests;
  // A suite that could not be collected, a leaked error or a skipped test fails the run although no single test did.
  if (code !== 0 && numFailedTests === 0) count(`${name}: the runner`, 0, 1);
  if (numPassedTests + numFailedTests !== numTotalTests) count(`${name}: no test is skipped`, 0, 1);
  if (numTotalTests < FEWEST[name]) count(`${name}: at least ${FEWEST[name]} tests exist`, 0, 1);
}

/** The short lane of the fault harness: every run is one test. */
async function runFaults(name) {
  const report = join(reports, `${name}.json`);
  const code = await run(name, process.execPath, ['apps/faults/dist/main.js', name, '--lane', 'short', '--out', report]);
  const runs = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')).runs : [];
  const failed = runs.filter(({ hasPassed }) => !hasPassed);
  total.passed += runs.length - failed.length;
  for (const { faults, seed } of failed) count(`${name}: ${faults} with seed ${seed}`, 0, 1);
  if (code !== 0 && failed.length === 0) count(`${name}: the runner`, 0, 1);
  if (runs.length < FEWEST[name]) count(`${name}: at least ${FEWEST[name]} runs exist`, 0, 1);
}

function count(name, passed, of) {
  total.passed += passed;
  total.failed += of - passed;
  if (passed < of) console.error(`failed: ${name}`);
}

function run(name, command, args, env = {}) {
  const startedAt = Date.now();
  console.log(`\n── ${name}`);
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => child.kill(signal));
    child.on('error', (error) => {
      console.error(error.message);
      resolve(1);
    });
    child.on('exit', (code) => {
      console.log(`── ${name}: ${code === 0 ? 'ok' : `exit ${code}`} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
      resolve(code ?? 1);
    });
  });
}
