import type { PlainDate } from '@trueup/contracts';
import type { ZoneCalendar } from '../calendar/zone-calendar.js';
import type { QuantityStep, Segment } from '../fold/assignment-state.js';
import { utcMillisOf } from '../order/utc-time.js';
import type { HeldInterval } from './holding.js';

/** A part of a segment that lies under one set of catalogue rows: the local day that decides it ("" before any row), and the interval. */
export interface SegmentPiece {
  date: PlainDate;
  interval: HeldInterval;
}

/** Cuts a segment at the local midnights of those days that fall inside it. */
export function piecesOf(segment: Segment, days: readonly PlainDate[], zone: ZoneCalendar): SegmentPiece[] {
  if (days.length === 0) return [{ date: '', interval: intervalOf(segment, segment.from, undefined) }];
  const cuts = days
    .map((date) => ({ date, at: utcMillisOf(zone.startOfDayMs(date)) }))
    .filter(({ at }) => at > segment.from && (segment.to === undefined || at < segment.to));
  const first = { date: zone.localDateOf(Date.parse(segment.from)), at: segment.from };
  const starts = [first, ...cuts];
  return starts.map(({ date, at }, index) => ({ date, interval: intervalOf(segment, at, starts[index + 1]?.at) }));
}

/** The part `[from, until)` of a segment; without `until` to its end. */
function intervalOf(segment: Segment, from: string, until: string | undefined): HeldInterval {
  const { serviceName, planCode, planName } = segment.content;
  return {
    from,
    fromEventId: segment.fromEventId,
    fromActor: segment.fromActor,
    opened: from === segment.from ? segment.opened : 'catalogue',
    serviceName,
    planCode,
    planName,
    steps: stepsWithin(segment.steps, from, until),
    ...endOf(segment, until),
  };
}

function endOf(segment: Segment, until: string | undefined): Partial<HeldInterval> {
  if (until !== undefined) return { to: until, closed: 'catalogue' };
  const { to, toEventId, toActor, closed } = segment;
  return to === undefined ? {} : { to, toEventId, toActor, closed };
}

function stepsWithin(steps: readonly QuantityStep[], from: string, until: string | undefined): QuantityStep[] {
  const inForce = steps.findLast((step) => step.at <= from)!;
  const later = steps.filter((step) => step.at > from && (until === undefined || step.at < until));
  return [{ ...inForce, at: from }, ...later];
}
