import { chainOf } from './effect-chain.js';
import type { History, SeenEffect, SeenLine, SeenTenant, SeenWrite } from './history.js';
import type { Finding } from './verdict.js';

/** The connector says that nothing came of these; an effect of theirs is one too many. */
const WITHOUT_EFFECT = new Set(['refused', 'not-executed']);
const UNSETTLED = new Set(['intent', 'acknowledged', 'unknown', 'disputed']);

/** Every line of every tenant: units, writes against effects, effects against versions. */
export function checkLines(history: History): Finding[] {
  return history.tenants.flatMap((tenant) => tenant.lines.flatMap((line) => checkLine(history, tenant, line)));
}

function checkLine(history: History, { role }: SeenTenant, line: SeenLine): Finding[] {
  const effects = history.effects.filter(({ contractServiceId }) => contractServiceId === line.contractServiceId);
  const writes = history.writes.filter(({ contractServiceId }) => contractServiceId === line.contractServiceId);
  const versions = history.changes.filter(({ agreementLineKey }) => agreementLineKey === line.agreementLineKey);
  const chain = chainOf(effects, versions);
  const units = differenceOf(line);
  const { beyond, missing, alone } = matched(effects, writes);
  const unsettled = writes.filter(({ state }) => UNSETTLED.has(state)).length;
  const name = `${role}: ${line.customer} ${line.sku}`;
  const found = (kind: Finding['kind'], count: number, what: string): Finding[] =>
    count > 0 ? [{ kind, count, what: `${name}: ${what}` }] : [];
  return [
    // One accident shows in several ways; it counts once, as large as it looks at its largest.
    ...found('lost', Math.max(units.below, missing), `${units.where}${missing} confirmed writes without an effect`),
    ...found(
      'doubled',
      Math.max(units.above, beyond, chain.beyond),
      `${units.where}${beyond} effects beyond the writes; ${chain.what}`,
    ),
    ...found('reordered', chain.backwards, chain.what),
    ...found('unexplained', alone, `${alone} effects that nothing intended`),
    ...found('unknown_left', unsettled, `${unsettled} writes are not settled`),
  ];
}

/** Largest difference between what must be billed and what is, on any compared day or in the API. */
function differenceOf({ truth, billed, shown }: SeenLine): { below: number; above: number; where: string } {
  const days = truth.map(({ day, units }) => ({ day, truth: units, is: billed.find((each) => each.day === day)?.units ?? 0 }));
  const last = truth.at(-1);
  if (last !== undefined) days.push({ day: 'shown by the API', truth: last.units, is: Number(shown ?? 0) });
  const wrong = days.filter(({ truth: wanted, is }) => wanted !== is);
  const where = wrong.map(({ day, truth: wanted, is }) => `${day} ${is} instead of ${wanted}; `).join('');
  const largest = (sign: 1 | -1): number => Math.max(0, ...wrong.map(({ truth: wanted, is }) => sign * (is - wanted)));
  return { below: largest(-1), above: largest(1), where };
}

/** Effects against intended writes of the same day and size. */
function matched(
  effects: readonly SeenEffect[],
  writes: readonly SeenWrite[],
): { beyond: number; missing: number; alone: number } {
  const key = ({ day, delta }: { day: string; delta: number }): string => `${day} ${delta}`;
  const sum = { beyond: 0, missing: 0, alone: 0 };
  for (const one of new Set([...effects, ...writes].map(key))) {
    const happened = effects.filter((effect) => key(effect) === one).length;
    const sent = writes.filter((write) => key(write) === one);
    const confirmed = sent.filter(({ state }) => state === 'confirmed').length;
    const mayHaveHappened = sent.filter(({ state }) => !WITHOUT_EFFECT.has(state)).length;
    if (sent.length === 0) sum.alone += happened;
    else sum.beyond += Math.max(0, happened - mayHaveHappened);
    sum.missing += Math.max(0, confirmed - happened);
  }
  return sum;
}
