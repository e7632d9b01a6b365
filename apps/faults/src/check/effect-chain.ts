import type { SeenChange, SeenEffect } from './history.js';

/** How far the effects of a line go along with its versions. */
export interface Chain {
  /** 1 when an effect left units that no version ever asked for. */
  beyond: number;
  /** 1 when an effect brought back what an older version asked for. */
  backwards: number;
  what: string;
}

/**
 * The running totals of a line's effects must be found in the line's versions, in their order. Versions may be passed over, because a
 * newer one replaces those that wait. Only the first break of a line is told: what follows it is off by the same units.
 */
export function chainOf(effects: readonly SeenEffect[], versions: readonly SeenChange[]): Chain {
  const inOrder = [...versions].sort((a, b) => a.version - b.version);
  let reached = 0;
  for (const [index, { day }] of effects.entries()) {
    const match = inOrder.findIndex((version, at) => at >= reached && levelOn(version, day) === totalOn(effects, index, day));
    if (match >= 0) reached = match;
    else if (!isExplainedByNext(effects, index, inOrder.slice(reached))) return broken(effects, index, inOrder);
  }
  return { beyond: 0, backwards: 0, what: '' };
}

/** Before a lowering, a later day may be raised first: then the next effect, of an earlier day, brings the total to where it belongs. */
function isExplainedByNext(effects: readonly SeenEffect[], index: number, versions: readonly SeenChange[]): boolean {
  const next = effects[index + 1];
  const { day } = effects[index]!;
  return (
    next !== undefined && next.day < day && versions.some((version) => levelOn(version, day) === totalOn(effects, index + 1, day))
  );
}

function broken(effects: readonly SeenEffect[], index: number, versions: readonly SeenChange[]): Chain {
  const { day, delta } = effects[index]!;
  const total = totalOn(effects, index, day);
  const older = versions.find((version) => levelOn(version, day) === total);
  const what = `effect ${index + 1} (${delta} on ${day}) leaves ${total}`;
  if (older === undefined) return { beyond: 1, backwards: 0, what: `${what}, which no version asked for` };
  return { beyond: 0, backwards: 1, what: `${what}, which version ${older.version} asked for long before` };
}

/** Units on a day after the effects up to `index`; a contract service of a run begins with none. */
function totalOn(effects: readonly SeenEffect[], index: number, day: string): number {
  return effects.slice(0, index + 1).reduce((total, effect) => (effect.day <= day ? total + effect.delta : total), 0);
}

function levelOn({ steps }: SeenChange, day: string): number {
  return Number(steps.findLast(({ from }) => from <= day)?.quantity ?? 0);
}
