import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Rule {
  alert: string;
  expr: string;
}
type Samples = Record<string, { labels?: Record<string, string>; value: number }[]>;

const file = new URL('../../../../deploy/alerts/trueup.rules.yml', import.meta.url);
const { groups } = parse(readFileSync(file, 'utf8')) as { groups: { rules: Rule[] }[] };

/** What an alarm of the form `max by (label) (metric) > bound` says to samples: the labels for which it fires. */
function firesFor(alert: string, samples: Samples): string[] {
  const { expr } = groups.flatMap(({ rules }) => rules).find((rule) => rule.alert === alert)!;
  const [, fold, label, metric, bound] = /^(max|min) by \((\w+)\) \((\w+)\) > (\d+)$/.exec(expr)!;
  const byLabel = Map.groupBy(samples[metric!] ?? [], ({ labels }) => labels?.[label!] ?? '');
  const worst = (values: number[]) => (fold === 'max' ? Math.max(...values) : Math.min(...values));
  return [...byLabel].filter(([, own]) => worst(own.map(({ value }) => value)) > Number(bound)).map(([name]) => name);
}

const differences = (...values: number[]): Samples => ({
  trueup_accounting_difference: values.map((value, index) => ({ labels: { identity: ['events', 'lines'][index]! }, value })),
});
const ages = (...values: number[]): Samples => ({ trueup_accounting_check_age_seconds: values.map((value) => ({ value })) });

describe('the alarm accounts-differ', () => {
  it.each([
    ['fires for the identity that has a difference', differences(0, 1), ['lines']],
    ['fires for each of several', differences(3, 1), ['events', 'lines']],
    ['is silent when everything is accounted for', differences(0, 0), []],
    ['is silent before the first check', {}, []],
  ])('%s', (_, samples, expected) => {
    expect(firesFor('accounts-differ', samples)).toEqual(expected);
  });
});

describe('the alarm accounts-not-compared', () => {
  it.each([
    ['fires when no replica has compared for more than ten minutes', ages(601, 900), ['']],
    ['is silent while one has', ages(601, 59), []],
  ])('%s', (_, samples, expected) => {
    expect(firesFor('accounts-not-compared', samples)).toEqual(expected);
  });
});
