import type { Actor } from '@trueup/contracts';

/** Who decides, and when. */
export interface DecisionMaker {
  actor: Actor;
  now: Date;
}
