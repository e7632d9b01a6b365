// Every alarm has a page, every page an alarm, and every metric that an alarm reads is one that a process shows.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
// Prometheus' own and prom-client's.
const GIVEN = new Set(['up']);

/** What is wrong with these rules, given the pages and the metrics that there are. */
export function faultsOf(rules, pages, metrics) {
  const alarms = rules.groups.flatMap((group) => group.rules);
  const names = new Set(alarms.map(({ alert }) => alert));
  return [
    ...alarms.filter(({ alert }) => !pages.has(alert)).map(({ alert }) => `${alert}: no page in docs/runbook`),
    ...alarms
      .filter(({ alert, annotations }) => annotations.runbook !== `docs/runbook/${alert}.md`)
      .map(({ alert }) => `${alert}: names another page`),
    ...[...pages].filter((page) => !names.has(page)).map((page) => `${page}: a page without an alarm`),
    ...alarms.flatMap(({ alert, expr }) =>
      metricsIn(expr)
        .filter((metric) => !metrics.has(metric) && !GIVEN.has(metric))
        .map((metric) => `${alert}: nothing shows ${metric}`),
    ),
  ];
}

function metricsIn(expr) {
  return [...expr.matchAll(/\b(up|trueup_[a-z_]+)\b/g)].map((match) => match[1]);
}

function shownMetrics() {
  const files = ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder)).flatMap((room) => sourcesUnder(join(root, folder, room, 'src'))),
  );
  return new Set(
    files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/name: ['"`](trueup_[a-z_]+)['"`]/g)].map((m) => m[1])),
  );
}

function sourcesUnder(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.includes('spec'))
    .map((file) => join(folder, file));
}

const pages = new Set(
  readdirSync(join(root, 'docs/runbook'))
    .filter((file) => file !== 'README.md')
    .map((file) => file.replace(/\.md$/, '')),
);
const rules = parse(readFileSync(join(root, 'deploy/alerts/trueup.rules.yml'), 'utf8'));
const metrics = shownMetrics();
const faults = faultsOf(rules, pages, metrics);
// A check that finds nothing must be able to find something.
const canary = {
  groups: [{ rules: [{ alert: 'canary', expr: 'trueup_no_such_metric > 0', annotations: { runbook: 'elsewhere' } }] }],
};
if (faultsOf(canary, new Set(), metrics).length !== 3) faults.push('the canary was not refused');
for (const fault of faults) console.error(fault);
console.log(
  faults.length === 0 ? `${rules.groups[0].rules.length} alarms have their pages and metrics, canary refused` : 'see above',
);
process.exit(faults.length === 0 ? 0 : 1);
