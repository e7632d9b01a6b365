import { canonicalJson, levelOn, type LinePeriod, type LineTarget, type PlainDate, type Step } from '@trueup/contracts';
import type { Period, SchedulePeriod } from '@trueup/domain';
import type { TenantSettings } from '../settings/tenant-settings.js';
import type { TargetContent } from './line-rows.js';

/**
 * The periods that a target carries: from the one that holds `liveFrom` to the one that holds today, none while that lies ahead. A
 * period is open until its end and closing after it.
 */
export function targetPeriods({ calendar, current }: TenantSettings, today: PlainDate): (Period & SchedulePeriod)[] {
  const live = calendar.containing(current.liveFrom);
  return calendar.between(live.start, today).map((period) => ({ ...period, state: stateOf(period, today) }));
}

export const stateOf = (period: { end: PlainDate }, today: PlainDate): 'open' | 'closing' =>
  period.end > today ? 'open' : 'closing';

/** Whether a line has to be told: its content differs from what was sent. A line that never had anything is not worth a first message. */
export function isNews(sent: TargetContent | null, content: TargetContent): boolean {
  if (content.periods.length === 0) return false;
  if (sent !== null) return canonicalJson(sent) !== canonicalJson(content);
  return content.periods.some((period) => period.present !== '0' || period.removed !== '0' || period.steps.some(isHeld));
}

/** From which day on the level differs, and the level that holds until further notice, before and after. */
export function changeBetween(sent: TargetContent | null, content: TargetContent): LineTarget['changed'] {
  const [before, after] = [stepsOf(sent?.periods ?? []), stepsOf(content.periods)];
  const days = [...new Set([...before, ...after].map((step) => step.from))].sort();
  const first = days.find((day) => levelOn(before, day) !== levelOn(after, day));
  return {
    from: first ?? content.periods.at(-1)!.start,
    previousQuantity: before.at(-1)?.quantity ?? '0',
    quantity: after.at(-1)!.quantity,
  };
}

const stepsOf = (periods: readonly LinePeriod[]): Step[] => periods.flatMap((period) => period.steps);
const isHeld = (step: Step): boolean => step.quantity !== '0';
