import type { Actor } from '@trueup/contracts';
import type { HeldInterval } from '@trueup/domain';
import {
  packEnding,
  type PackedEnding,
  packSteps,
  type PackedSteps,
  Repeated,
  unpackEnding,
  unpackSteps,
} from './packed-steps.js';

type Names = [serviceName: string, planCode: string, planName: string];
type PackedInterval = [
  from: string,
  eventId: string,
  actor: number,
  opened: HeldInterval['opened'],
  names: number,
  steps: PackedSteps,
  ...PackedEnding,
];

/** The intervals of a row as stored: what comes again is written once. */
export interface PackedIntervals {
  actors: Actor[];
  names: Names[];
  packed: PackedInterval[];
}

export function packIntervals(intervals: readonly HeldInterval[]): PackedIntervals {
  const actors = new Repeated<Actor>();
  const names = new Repeated<Names>();
  const packed = intervals.map((interval): PackedInterval => {
    const { from, fromEventId, fromActor, opened, serviceName, planCode, planName, steps } = interval;
    const head = [
      from,
      fromEventId,
      actors.placeOf(fromActor),
      opened,
      names.placeOf([serviceName, planCode, planName]),
    ] as const;
    return [...head, packSteps(steps, interval, actors), ...packEnding(interval, actors)];
  });
  return { actors: actors.values, names: names.values, packed };
}

/** The intervals of a row; rows written before intervals were packed hold them as they are. */
export function unpackIntervals(stored: PackedIntervals | HeldInterval[]): HeldInterval[] {
  return Array.isArray(stored) ? stored : stored.packed.map((interval) => unpackInterval(interval, stored));
}

function unpackInterval(
  [from, fromEventId, actor, opened, name, steps, ...ending]: PackedInterval,
  { actors, names }: PackedIntervals,
): HeldInterval {
  const begun = { from, fromEventId, fromActor: actors[actor]! };
  const [serviceName, planCode, planName] = names[name]!;
  const unpacked = { ...begun, opened, serviceName, planCode, planName, steps: unpackSteps(steps, begun, actors) };
  return { ...unpacked, ...unpackEnding<NonNullable<HeldInterval['closed']>>(ending, actors) };
}
