import type { Actor, CauseCode, Quantity } from '@trueup/contracts';
import { subtractQuantities } from '../quantity-math.js';
import type { HeldInterval, Holding } from './holding.js';

/**
 * One change of a row's quantity; the deltas up to an instant sum to the quantity held then. `ends` says that a removal or
 * deprovisioning event ended the holding, with all of its units.
 */
export interface Movement {
  at: string;
  delta: Quantity;
  code: CauseCode;
  eventId: string;
  actor: Actor;
  ends: boolean;
}

/** The movements of a row, ascending. A change of plan that stays on the line moves nothing, or its difference alone. */
export function movementsOf(holding: Holding): Movement[] {
  const movements: Movement[] = [];
  let level: Quantity = '0';
  holding.intervals.forEach((interval, index) => {
    level = pushSteps(movements, interval, level);
    if (interval.to === undefined || goesOn(interval, holding.intervals[index + 1])) return;
    movements.push(endOf(interval, level));
    level = '0';
  });
  return movements;
}

function pushSteps(movements: Movement[], interval: HeldInterval, levelBefore: Quantity): Quantity {
  let level = levelBefore;
  interval.steps.forEach((step, index) => {
    const delta = subtractQuantities(step.quantity, level);
    const opens = index === 0 && levelBefore === '0';
    const code = opens ? openingCode(interval) : signCode(delta);
    if (delta !== '0') movements.push({ at: step.at, delta, code, eventId: step.eventId, actor: step.actor, ends: false });
    level = step.quantity;
  });
  return level;
}

function endOf(interval: HeldInterval, level: Quantity): Movement {
  return {
    at: interval.to!,
    delta: subtractQuantities('0', level),
    code: interval.closed === 'changed' ? 'MOVED' : interval.closed === 'catalogue' ? 'REMAP' : 'REMOVED',
    eventId: interval.toEventId ?? interval.fromEventId,
    actor: interval.toActor ?? interval.fromActor,
    ends: interval.closed === 'removed',
  };
}

function openingCode(interval: HeldInterval): CauseCode {
  if (interval.opened === 'changed') return 'MOVED';
  return interval.opened === 'catalogue' ? 'REMAP' : 'ADDED';
}

function signCode(delta: Quantity): CauseCode {
  return delta.startsWith('-') ? 'REMOVED' : 'ADDED';
}

function goesOn(interval: HeldInterval, next: HeldInterval | undefined): boolean {
  return next !== undefined && next.from === interval.to && interval.closed !== 'removed' && interval.closed !== 'emptied';
}
