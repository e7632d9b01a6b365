import { z } from 'zod';

/** The steps of the straight line between which a process may die, in the order in which they are passed. */
export const CRASH_POINTS = [
  'ingest.before-publish',
  'ingest.before-answer',
  'projector.before-work',
  'projector.before-commit',
  'projector.after-commit',
  'projector.relay',
  'change-control.targets.before-work',
  'change-control.targets.before-commit',
  'change-control.targets.after-commit',
  'change-control.relay',
  'connector.accept.before-work',
  'connector.accept.before-commit',
  'connector.accept.after-commit',
  'connector.before-intent',
  'connector.after-intent',
  'connector.after-send',
  'connector.after-record',
  'connector.before-confirm',
  'connector.before-outcome',
  'connector.relay',
  'change-control.outcomes.before-work',
  'change-control.outcomes.before-commit',
  'change-control.outcomes.after-commit',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Where something is to happen to the process. */
export interface CrashOrder {
  at: CrashPoint;
  /** At which passing; 1 is the first. */
  passing: number;
}

/** `projector.before-commit`, or `projector.before-commit@3` for the third time that it is passed. */
export const crashOrder = z
  .templateLiteral(
    [z.enum(CRASH_POINTS), z.string().regex(/^(@[1-9]\d{0,8})?$/)],
    'Must be a crash point, or one with @ and a count',
  )
  .transform((text): CrashOrder => {
    const [at, passing = '1'] = text.split('@');
    return { at: at as CrashPoint, passing: Number(passing) };
  });

interface Armed {
  at: CrashPoint;
  passingsLeft: number;
  signal: 'SIGKILL' | 'SIGSTOP';
}

let armed: Armed[] = [];

/** Orders the process's death, its standing still, both or neither; in place of what was ordered before. */
export function crashAt({ die, freeze }: { die?: CrashOrder | undefined; freeze?: CrashOrder | undefined }): void {
  armed = [];
  if (die) armed.push({ at: die.at, passingsLeft: die.passing, signal: 'SIGKILL' });
  if (freeze) armed.push({ at: freeze.at, passingsLeft: freeze.passing, signal: 'SIGSTOP' });
}

/**
 * Marks a step at which a fault may let the process die as if its power were cut, nothing finished, flushed or said; or stand still until
 * it gets SIGCONT. Without an order it is one comparison.
 */
export function crashPoint(at: CrashPoint): void {
  if (armed.length > 0) pass(at);
}

function pass(at: CrashPoint): void {
  for (const order of armed.filter((each) => each.at === at)) {
    order.passingsLeft -= 1;
    if (order.passingsLeft === 0) process.kill(process.pid, order.signal);
  }
}
