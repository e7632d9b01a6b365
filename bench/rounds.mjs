// Contestants in turns: A B C A B C …, a warm round first, and a round again when somebody else was using the machine.
import { quiet } from './quiet-machine.mjs';

const MOST_REPEATS = process.env.BENCH_PATIENCE_S === '0' ? 0 : 2;

/**
 * Runs every contestant `rounds` times after one warm round. `contestants` maps names to functions that answer a number, or an object
 * with `perSecond` beside what is worth keeping. Answers per name the values, their median, and what each round saw of the machine.
 */
export async function inTurns(contestants, { rounds, isWarm = true }) {
  const results = Object.fromEntries(Object.keys(contestants).map((name) => [name, []]));
  let repeats = 0;
  for (let round = isWarm ? -1 : 0; round < rounds; round++) {
    const measured = [];
    for (const [name, run] of Object.entries(contestants)) {
      const machine = await quiet();
      const answer = await run();
      const one = typeof answer === 'number' ? { perSecond: answer } : answer;
      measured.push([name, { ...one, ...machine }]);
      console.error(
        `  ${round < 0 ? 'warm' : `round ${round + 1}`}  ${name}  ${describe(one)}${machine.isBusy ? `  (machine ${machine.foreign} busy)` : ''}`,
      );
    }
    if (round < 0) continue;
    const isSpoilt = measured.some(([, { isBusy }]) => isBusy);
    if (isSpoilt && repeats < MOST_REPEATS) {
      repeats += 1;
      round -= 1;
      continue;
    }
    for (const [name, one] of measured) results[name].push(one);
  }
  return Object.fromEntries(
    Object.entries(results).map(([name, all]) => [name, { median: median(all.map(valueOf)), rounds: all }]),
  );
}

const valueOf = ({ perSecond }) => perSecond;
const describe = ({ perSecond, cpuPer100k }) => {
  const cpu = Object.entries(cpuPer100k ?? {}).map(([name, seconds]) => `${name} ${seconds}`);
  return `${Math.round(perSecond)}/s${cpu.length > 0 ? `  CPU s per 100,000: ${cpu.join(', ')}` : ''}`;
};

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

export function percentile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}
