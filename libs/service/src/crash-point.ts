import { z } from 'zod';

/** The steps of the straight line between which a process may die, in the order in which they are passed. */
export const CRASH_POINTS = [
  'ingest.before-publish',
  'ingest.before-answer',
  'projector.before-work',
  'projector.before-commit',
  'projector.after-commit',
  'projector.relay',
  'change-control.targets.before-commit',
  'change-control.targets.after-commit',
  'change-control.relay',
  'connector.accept.before-commit',
  'connector.accept.after-commit',
  'connector.before-intent',
  'connector.after-intent',
  'connector.after-send',
  'connector.after-record',
  'connector.before-confirm',
  'connector.before-outcome',
  'connector.relay',
  'change-control.outcomes.before-commit',
  'change-control.outcomes.after-commit',
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

/** Where the process is to die. */
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

let ordered: CrashPoint | null = null;
let passingsLeft = 0;

/** Orders the process's death, or with `undefined` takes the order back. */
export function crashAt(order: CrashOrder | undefined): void {
  ordered = order?.at ?? null;
  passingsLeft = order?.passing ?? 0;
}

/**
 * Marks a step at which a fault may let the process die as if its power were cut: nothing is finished, flushed or said. Without an order
 * it is one comparison.
 */
export function crashPoint(at: CrashPoint): void {
  if (ordered === null || ordered !== at) return;
  passingsLeft -= 1;
  if (passingsLeft === 0) process.kill(process.pid, 'SIGKILL');
}
