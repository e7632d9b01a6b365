import type { Actor } from '@trueup/contracts';
import type { AssignedContent, AssignmentState, Segment, SegmentEnd, SegmentStart } from '@trueup/domain';
import {
  packEnding,
  type PackedEnding,
  packSteps,
  type PackedSteps,
  Repeated,
  unpackEnding,
  unpackSteps,
} from './packed-steps.js';
import type { AssignmentSlot } from './slot.js';

type PackedSegment = [
  from: string,
  eventId: string,
  actor: number,
  opened: SegmentStart,
  content: number,
  steps: PackedSteps,
  ...PackedEnding,
];

/** A fold as stored: without its identity, which the row's key tells, and with what comes again written once. */
export interface PackedState {
  lastOrderKey: string;
  actors: Actor[];
  contents: AssignedContent[];
  packed: PackedSegment[];
  /** Absent: none. */
  flags?: AssignmentState['flags'];
}

/** Packs a fold: a third of its bytes to write and to read back with every event of the assignment. */
export function packState({ lastOrderKey, segments, flags }: AssignmentState): PackedState {
  const actors = new Repeated<Actor>();
  const contents = new Repeated<AssignedContent>();
  const packed = segments.map((segment): PackedSegment => {
    const { from, fromEventId, fromActor, opened, content, steps } = segment;
    const head = [from, fromEventId, actors.placeOf(fromActor), opened, contents.placeOf(content)] as const;
    return [...head, packSteps(steps, segment, actors), ...packEnding(segment, actors)];
  });
  const hasFlags = Object.values(flags).some((ids: string[]) => ids.length > 0);
  return { lastOrderKey, actors: actors.values, contents: contents.values, packed, ...(hasFlags && { flags }) };
}

/** The fold of a row; rows written before folds were packed hold it as it is. */
export function unpackState(
  { tenantId: _tenant, ...identity }: AssignmentSlot,
  stored: PackedState | AssignmentState,
): AssignmentState {
  if (!('packed' in stored)) return stored;
  const { lastOrderKey, packed, flags } = stored;
  const segments = packed.map((segment) => unpackSegment(segment, stored));
  return { identity, lastOrderKey, segments, flags: flags ?? noFlags() };
}

function unpackSegment(
  [from, fromEventId, actor, opened, content, steps, ...ending]: PackedSegment,
  { actors, contents }: PackedState,
): Segment {
  const begun = { from, fromEventId, fromActor: actors[actor]! };
  const unpacked = { ...begun, opened, content: contents[content]!, steps: unpackSteps(steps, begun, actors) };
  return { ...unpacked, ...unpackEnding<SegmentEnd>(ending, actors) };
}

const noFlags = (): AssignmentState['flags'] => ({ reassigned: [], removedWithoutAssignment: [], changedWithoutHolding: [] });
