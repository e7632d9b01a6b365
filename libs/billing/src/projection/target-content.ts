import { levelOn, type LinePeriod, type LineTarget, type PlainDate, type Step } from '@trueup/contracts';
import type { TargetContent } from './line-rows.js';
import { isSameJson } from './same-json.js';

export const stateOf = (period: { end: PlainDate }, today: PlainDate): 'open' | 'closing' =>
  period.end > today ? 'open' : 'closing';

/** Whether a line has to be told: its content differs from what was sent. A line that never had anything is not worth a first message. */
export function isNews(sent: TargetContent | null, content: TargetContent): boolean {
  if (content.periods.length === 0) return false;
  if (sent !== null) return !isSameJson(sent, content);
  return content.periods.some(saysSomething);
}

const saysSomething = ({ present, removed, restated, steps }: LinePeriod): boolean =>
  present !== '0' || removed !== '0' || restated !== undefined || steps.some(isHeld);

/** From which day on the level differs, and the level that holds until further notice, before and after. */
export function changeBetween(sent: TargetContent | null, content: TargetContent): LineTarget['changed'] {
  const [before, after] = [stepsOf(sent?.periods ?? []), stepsOf(content.periods)];
  // Periods that the content has dropped are no change of them.
  const start = content.periods[0]!.start;
  const days = [...new Set([start, ...[...before, ...after].map((step) => step.from)])].filter((day) => day >= start).sort();
  const first = days.find((day) => levelOn(before, day) !== levelOn(after, day));
  return {
    from: first ?? content.periods.at(-1)!.start,
    previousQuantity: before.at(-1)?.quantity ?? '0',
    quantity: after.at(-1)!.quantity,
  };
}

const stepsOf = (periods: readonly LinePeriod[]): Step[] => periods.flatMap((period) => period.steps);
const isHeld = (step: Step): boolean => step.quantity !== '0';
