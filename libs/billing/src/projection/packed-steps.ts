import type { Actor } from '@trueup/contracts';
import type { QuantityStep } from '@trueup/domain';
import { isSameJson } from './same-json.js';

/** Values that come again and again within one document: written once, named by their place. */
export class Repeated<T> {
  constructor(readonly values: T[] = []) {}

  placeOf(value: T): number {
    const known = this.values.findIndex((one) => isSameJson(one, value));
    return known >= 0 ? known : this.values.push(value) - 1;
  }
}

/** What begins a stretch of holding; its first step says the same again. */
export interface Beginning {
  from: string;
  fromEventId: string;
  fromActor: Actor;
}

/** The quantity alone, where the only step is the beginning; else each step. */
export type PackedSteps = string | [at: string, quantity: string, eventId: string, actor: number][];

/** How a stretch of holding ended; absent while it is held. */
export interface Ending {
  to?: string;
  toEventId?: string;
  toActor?: Actor;
  closed?: string;
}

export type PackedEnding = [] | [to: string, closed: string, eventId?: string, actor?: number];

export function packSteps(steps: readonly QuantityStep[], begun: Beginning, actors: Repeated<Actor>): PackedSteps {
  const [first, ...more] = steps;
  const isBeginning =
    first!.at === begun.from && first!.eventId === begun.fromEventId && isSameJson(first!.actor, begun.fromActor);
  if (more.length === 0 && isBeginning) return first!.quantity;
  return steps.map(({ at, quantity, eventId, actor }) => [at, quantity, eventId, actors.placeOf(actor)]);
}

export function unpackSteps(packed: PackedSteps, begun: Beginning, actors: readonly Actor[]): QuantityStep[] {
  const { from, fromEventId, fromActor } = begun;
  if (typeof packed === 'string') return [{ at: from, quantity: packed, eventId: fromEventId, actor: fromActor }];
  return packed.map(([at, quantity, eventId, actor]) => ({ at, quantity, eventId, actor: actors[actor]! }));
}

export function packEnding({ to, toEventId, toActor, closed }: Ending, actors: Repeated<Actor>): PackedEnding {
  if (to === undefined) return [];
  return toEventId === undefined ? [to, closed!] : [to, closed!, toEventId, actors.placeOf(toActor!)];
}

export function unpackEnding<C extends string>(
  [to, closed, eventId, actor]: PackedEnding,
  actors: readonly Actor[],
): { to?: string; toEventId?: string; toActor?: Actor; closed?: C } {
  if (to === undefined) return {};
  if (eventId === undefined) return { to, closed: closed as C };
  return { to, toEventId: eventId, toActor: actors[actor!]!, closed: closed as C };
}
