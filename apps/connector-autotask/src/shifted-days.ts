import { levelOn, minus, type PlainDate, type ShiftedDays, type Step } from '@trueup/connector-sdk';

/** What is compared: `meant` by day as it should be billed, `steps` as the PSA bills it. */
export interface Compared {
  meant: readonly Step[];
  steps: readonly Step[];
  reasonOn: (day: PlainDate) => ShiftedDays['reason'];
}

/** The days before `until` that the PSA bills otherwise than meant, in stretches of equal difference and reason. */
export function shiftedDays({ meant, steps, reasonOn }: Compared, until: PlainDate): ShiftedDays[] {
  const first = meant[0]?.from;
  if (first === undefined) return [];
  const turns = [...new Set([...meant, ...steps].map((step) => step.from))].filter((day) => day >= first && day < until).sort();
  const stretches = turns.map((day, i): ShiftedDays => {
    const units = minus(levelOn(meant, day), levelOn(steps, day));
    return { wanted: day, taken: turns[i + 1] ?? until, units, reason: reasonOn(day) };
  });
  return joined(stretches.filter((stretch) => stretch.units !== '0'));
}

function joined(stretches: readonly ShiftedDays[]): ShiftedDays[] {
  return stretches.reduce<ShiftedDays[]>((all, next) => {
    const last = all.at(-1);
    const isOne = last !== undefined && last.taken === next.wanted && last.units === next.units && last.reason === next.reason;
    return isOne ? [...all.slice(0, -1), { ...last, taken: next.taken }] : [...all, next];
  }, []);
}
