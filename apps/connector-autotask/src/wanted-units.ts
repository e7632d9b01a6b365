import { stepsFrom, type PlainDate, type QuantityChange, type Step } from '@trueup/connector-sdk';

/** A step of the wanted schedule on the day on which it may be written. `meant` is the day that it belongs to. */
export interface WantedStep extends Step {
  meant: PlainDate;
}

/**
 * The schedule from `from` on with every step on the day that `dayFor` gives it; of two steps that fall together the later one counts,
 * and one without a day is left out.
 */
export function wantedUnits(
  change: QuantityChange,
  from: PlainDate,
  dayFor: (day: PlainDate) => PlainDate | undefined,
): WantedStep[] {
  const byDay = new Map<PlainDate, WantedStep>();
  for (const step of stepsFrom(change.steps, from)) {
    const day = dayFor(step.from);
    if (day === undefined) continue;
    // The step that begins on the day itself names it; one that was only moved there shows where it came from.
    const meant = step.from === day ? day : (byDay.get(day)?.meant ?? step.from);
    byDay.set(day, { from: day, quantity: step.quantity, meant });
  }
  return [...byDay.values()].sort((a, b) => a.from.localeCompare(b.from));
}
