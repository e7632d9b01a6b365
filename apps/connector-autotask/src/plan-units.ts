import {
  addDays,
  isLess,
  isWhole,
  laterOf,
  levelOn,
  lowestFrom,
  minus,
  plus,
  raisedFrom,
  toWholeNumber,
  type ConnectionSettings,
  type Held,
  type Memory,
  type Next,
  type PlainDate,
  type Quantity,
  type QuantityChange,
  type Step,
} from '@trueup/connector-sdk';
import type { HeldUnits } from './read-units.js';
import { atRest, shiftedIn, untilNextContract } from './at-rest.js';
import type { UnitPlan } from './unit-plan.js';
import { wantedUnits } from './wanted-units.js';
import { WriteDays } from './write-days.js';

/** The earliest day on which held and wanted units differ becomes one signed adjustment; pure. */
export function planUnits(change: QuantityChange, held: Held<HeldUnits>, memory: Memory, settings: ConnectionSettings): Next {
  const fraction = change.steps.find((step) => !isWhole(step.quantity));
  if (fraction !== undefined) {
    return { do: 'refuse', code: 'CAPABILITY_MISSING', message: `Autotask holds whole units, not ${fraction.quantity}` };
  }
  const days = new WriteDays(change, held.raw, memory, settings);
  const { contract } = held.raw;
  const from = laterOf(change.writesFrom, contract.start);
  if (from > contract.end) {
    return { do: 'refuse', code: 'AGREEMENT_NOT_FOUND', message: `Contract ${contract.id} ended on ${contract.end}` };
  }
  const meant = wantedUnits(change, from, (day) => days.meantDay(day));
  const wanted = wantedUnits(change, from, (day) => days.dayFor(day));
  const steps = held.steps as readonly Step[];
  const { sameDateChanges } = settings;
  return firstAct({ change, held: held.raw, steps, meant, wanted, days, today: memory.today, sameDateChanges });
}

function firstAct(plan: UnitPlan): Next {
  for (const day of daysToCompare(plan)) {
    if (levelOn(plan.wanted, day) === levelOn(plan.steps, day)) continue;
    const next = actOn(plan, day);
    if (next !== undefined) return next;
  }
  return atRest(plan);
}

function daysToCompare({ wanted, steps, days }: UnitPlan): PlainDate[] {
  const first = wanted[0]?.from;
  if (first === undefined) return [];
  const later = steps.filter((step) => step.from > first).flatMap((step) => days.dayFor(step.from) ?? []);
  return [...new Set([...wanted.map((step) => step.from), ...later])].filter((day) => day <= days.end).sort();
}

/** What is to be done about a difference on `day`; undefined: it stays, because a change that could not be on its own day is on a later one. */
function actOn(plan: UnitPlan, day: PlainDate): Next | undefined {
  const { days } = plan;
  if (days.isPosted(day)) return { do: 'hold', code: 'PERIOD_POSTED', message: `${day} lies in a posted period` };
  if (!days.isTaken(day)) return whenDayIsOver(plan, day);
  return plan.change.prorate ? onNextDay(plan, day) : onNextPeriod(plan, day);
}

/** Prorating, a used date goes to the next day of the same period, at most one day on. */
function onNextDay(plan: UnitPlan, day: PlainDate): Next | undefined {
  const { days, sameDateChanges } = plan;
  const next = addDays(day, 1);
  const isInside = next <= days.end && days.isSamePeriod(day, next);
  if (isInside && levelOn(plan.wanted, next) === levelOn(plan.steps, next)) return undefined;
  if (sameDateChanges === 'hold' || !isInside || days.isTaken(next) || days.isPosted(next)) {
    return { do: 'hold', code: 'EFFECTIVE_DATE_TAKEN', message: `Autotask takes one change a day and line, and ${day} has one` };
  }
  return whenDayIsOver(plan, next, day);
}

/** Not prorating, a taken date waits for the next period that is free, and goes there as one delta. */
function onNextPeriod(plan: UnitPlan, day: PlainDate): Next | undefined {
  const start = plan.days.nextFreeStart(day);
  if (start === undefined) return untilNextContract(plan, 'EFFECTIVE_DATE_TAKEN');
  if (levelOn(plan.wanted, start) === levelOn(plan.steps, start)) return undefined;
  const message = `${day} has a change already; the difference is written on ${start}`;
  if (plan.today < start) {
    return { do: 'wait', until: start, code: 'EFFECTIVE_DATE_TAKEN', message, shifted: shiftedIn(plan, start) };
  }
  return writeOn(plan, start, day);
}

/** Prorating by the day's net, a day is written when it is over. */
function whenDayIsOver(plan: UnitPlan, day: PlainDate, meant?: PlainDate): Next | undefined {
  const isOpen = plan.change.prorate && plan.sameDateChanges === 'net-at-day-end' && day >= plan.today;
  if (!isOpen) return writeOn(plan, day, meant);
  return {
    do: 'wait',
    until: addDays(day, 1),
    code: 'WAITS_FOR_DATE',
    message: `The changes of ${day} are written as one when the day is over`,
    shifted: shiftedIn(plan, day),
  };
}

function writeOn(plan: UnitPlan, day: PlainDate, meant?: PlainDate): Next | undefined {
  const { steps, wanted } = plan;
  const delta = minus(levelOn(wanted, day), levelOn(steps, day));
  if (!isLess(plus(lowestFrom(steps, day), delta), '0')) return adjustment(plan, day, delta, meant);
  return beforeLowering(plan, day);
}

/**
 * A lowering that would take a later, already scheduled decrease below zero: the later day is raised to what it should be first. Each
 * day has an adjustment of its own, and raising never goes below zero.
 */
function beforeLowering(plan: UnitPlan, day: PlainDate): Next | undefined {
  const later = daysToCompare(plan).filter((each) => each > day);
  for (const [i, each] of later.entries()) {
    const previous = later[i - 1] ?? day;
    const wantedRise = minus(levelOn(plan.wanted, each), levelOn(plan.wanted, previous));
    const missing = minus(wantedRise, minus(levelOn(plan.steps, each), levelOn(plan.steps, previous)));
    if (isLess('0', missing) && !plan.days.isTaken(each) && !plan.days.isPosted(each)) return adjustment(plan, each, missing);
  }
  // Where the later day takes no change of ours, the line is lowered as far as the scheduled decrease leaves room.
  const lowest = lowestFrom(plan.steps, day);
  if (isLess('0', lowest)) return adjustment(plan, day, minus('0', lowest));
  if (!plan.change.prorate) return onNextPeriod(plan, day);
  const message = `Lowering on ${day} would go below zero, because a later decrease is scheduled in Autotask`;
  return { do: 'hold', code: 'DRIFT_DETECTED', message };
}

function adjustment(plan: UnitPlan, day: PlainDate, delta: Quantity, meant?: PlainDate): Next {
  const { change, held, steps, wanted } = plan;
  const { contract, contractServiceId, serviceId } = held;
  if (contractServiceId === null && !change.mayCreateLine) {
    return { do: 'refuse', code: 'LINE_MISSING', message: `${change.description} is not on contract ${contract.id}` };
  }
  const target = contractServiceId === null ? { serviceID: serviceId } : { contractServiceID: contractServiceId };
  const body = { contractID: contract.id, ...target, unitChange: toWholeNumber(delta), effectiveDate: day };
  const origin = meant ?? wanted.find((step) => step.from === day)?.meant ?? day;
  return {
    do: 'write',
    write: {
      code: contractServiceId === null ? 'LINE_CREATED' : levelOn(wanted, day) === '0' ? 'LINE_ZEROED' : 'LINE_UPDATED',
      effectiveDate: day,
      before: steps,
      after: raisedFrom(steps, day, delta),
      request: { method: 'POST', path: `Contracts/${contract.id}/ServiceAdjustments`, body },
      ...(origin !== day && { meantFor: origin }),
    },
  };
}
