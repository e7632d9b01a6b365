import {
  type ChangeStep,
  type ConnectionSettings,
  type LinePeriod,
  type LineTarget,
  type PlainDate,
  type Quantity,
  levelOn,
} from '@trueup/contracts';
import {
  type AgreementPlace,
  type ConnectionMappings,
  type Unmapped,
  endsInZero,
  placeChangesOf,
  placeOn,
} from './agreement-place.js';

/** What one line adds to one agreement line. */
export interface Contribution {
  place: AgreementPlace;
  /** The first day on which the mappings bring the line here; not prorating, the start of the period that contains it. */
  mappedFrom: PlainDate;
  /** The day from which it is here without a break up to its last day here. */
  since: PlainDate;
  /** Units by date over all periods of the target; "0" on the days on which the line is billed elsewhere or nowhere. */
  steps: ChangeStep[];
  /** The same with closed periods as late events make them; null where none did. */
  restated: ChangeStep[] | null;
  /** Whether the line is billed here today. */
  isCurrent: boolean;
}

export type CountingPolicy = Pick<ConnectionSettings, 'prorate' | 'counting'>;

/** A change of place, with the day from which it counts. */
interface Stay {
  from: PlainDate;
  place: AgreementPlace | undefined;
}

/**
 * What a line adds to the agreement lines of one connection, as seen on `today`: later rows are not known yet. When nothing bills
 * it there today, the reason: nothing is computed then, because an unmapped line is left as it is, unless its end takes the units away.
 */
export function contributionsOf(
  target: LineTarget,
  mappings: ConnectionMappings,
  policy: CountingPolicy,
  today: PlainDate,
): Contribution[] | Unmapped {
  const now = placeOn(target, mappings, today);
  if (typeof now === 'string' && !endsInZero(target, mappings, today)) return now;
  const stays = staysOf(target, mappings, policy, today);
  const isRestated = target.periods.some((period) => period.restated);
  const places = new Map(stays.flatMap(({ place }) => (place ? [[place.agreementLineKey, place] as const] : [])));
  return [...places.values()].map((place) => ({
    place,
    mappedFrom: stays.find((stay) => isAt(stay, place))!.from,
    since: sinceOf(stays, place),
    steps: target.periods.flatMap((period) => stepsInPeriod(period, stays, place, policy)),
    restated: isRestated ? restatedOf(target.periods).flatMap((period) => stepsInPeriod(period, stays, place, policy)) : null,
    isCurrent: typeof now !== 'string' && place.agreementLineKey === now.agreementLineKey,
  }));
}

/** Where the line stays from when on. Not prorating, a change counts for the whole period that contains it. */
function staysOf(target: LineTarget, mappings: ConnectionMappings, policy: CountingPolicy, today: PlainDate): Stay[] {
  const stays = placeChangesOf(target, mappings, today).map((day) => {
    const place = placeOn(target, mappings, day);
    return {
      from: policy.prorate ? day : startOfPeriodWith(target.periods, day),
      place: typeof place === 'string' ? undefined : place,
    };
  });
  // Of several changes that count from one day the last holds.
  return stays.filter((stay, index) => stays[index + 1]?.from !== stay.from);
}

function restatedOf(periods: readonly LinePeriod[]): LinePeriod[] {
  return periods.map((period) => ({ ...period, ...period.restated }));
}

function sinceOf(stays: readonly Stay[], place: AgreementPlace): PlainDate {
  const last = stays.findLastIndex((stay) => isAt(stay, place));
  const elsewhere = stays.slice(0, last).findLastIndex((stay) => !isAt(stay, place));
  return stays[elsewhere + 1]!.from;
}

function stepsInPeriod(period: LinePeriod, stays: readonly Stay[], place: AgreementPlace, policy: CountingPolicy): ChangeStep[] {
  const days = policy.prorate ? daysOfChange(period, stays) : [period.start];
  const units = (day: PlainDate): Quantity => (policy.prorate ? levelOn(period.steps, day) : unitsOf(period, policy));
  const steps = days.map((from) => ({
    from,
    quantity: isAt(stayOn(stays, from), place) ? units(from) : '0',
    periodId: period.id,
  }));
  return steps.filter((step, index) => index === 0 || step.quantity !== steps[index - 1]!.quantity);
}

function daysOfChange(period: LinePeriod, stays: readonly Stay[]): PlainDate[] {
  const days = [...period.steps, ...stays].map((change) => change.from).filter((day) => day > period.start && day < period.end);
  return [period.start, ...[...new Set(days)].sort()];
}

function unitsOf(period: LinePeriod, policy: CountingPolicy): Quantity {
  if (policy.counting === 'active') return period.steps.at(-1)!.quantity;
  return policy.counting === 'present' ? period.present : period.peak;
}

function stayOn(stays: readonly Stay[], day: PlainDate): Stay | undefined {
  return stays.findLast((stay) => stay.from <= day);
}

function isAt(stay: Stay | undefined, place: AgreementPlace): boolean {
  return stay?.place?.agreementLineKey === place.agreementLineKey;
}

/** The start of the period that contains the day, or the day itself when none does. */
export function startOfPeriodWith(periods: readonly Pick<LinePeriod, 'start' | 'end'>[], day: PlainDate): PlainDate {
  return periods.find((period) => period.start <= day && day < period.end)?.start ?? day;
}
