import { addDays, levelOn, type Code, type Next, type PlainDate, type ShiftedDays } from '@trueup/connector-sdk';
import { shiftedDays } from './shifted-days.js';
import type { UnitPlan } from './unit-plan.js';

/** Nothing is left that may be written now: what stays different is told. */
export function atRest(plan: UnitPlan): Next {
  const { change, held, steps, meant } = plan;
  const { end } = held.contract;
  const last = levelOn(steps, end);
  if (end < plan.today) return afterTheEnd(plan);
  if (meant.length > 0 && levelOn(meant, end) !== last) return untilNextContract(plan, 'PERIOD_POSTED');
  if (levelOn(change.steps, end) !== last) return untilNextContract(plan, 'EFFECTIVE_DATE_SHIFTED');
  return { do: 'nothing', shifted: shiftedIn(plan, addDays(end, 1)) };
}

/** No period is left in this contract that could take the change: it waits for the contract after it. */
export function untilNextContract(plan: UnitPlan, code: Code): Next {
  const { id, end } = plan.held.contract;
  const until = addDays(end, 1);
  if (end < plan.today) return afterTheEnd(plan);
  const message = `Contract ${id} has no period left that takes the change; it waits for the contract that begins after ${end}`;
  return { do: 'wait', until, code, message, shifted: shiftedIn(plan, until) };
}

/** The contract has ended: its days are as they should be, or told; units of later days have no place. */
function afterTheEnd(plan: UnitPlan): Next {
  const { change, held, today } = plan;
  const { id, end } = held.contract;
  if (levelOn(change.steps, today) === '0') return { do: 'nothing', shifted: shiftedIn(plan, addDays(end, 1)) };
  return { do: 'refuse', code: 'AGREEMENT_NOT_FOUND', message: `Contract ${id} ended on ${end}` };
}

/** Days before `until` that stay billed otherwise than meant. */
export function shiftedIn({ meant, steps, days }: UnitPlan, until: PlainDate): ShiftedDays[] {
  return shiftedDays({ meant, steps, reasonOn: (day) => days.reasonOn(day) }, until);
}
