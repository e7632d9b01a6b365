import { forgetAnswers } from '@trueup/access';
import type { Logger } from '@trueup/service';
import type { DataSource } from 'typeorm';

const everyMs = 60 * 60_000;
const keptMs = 7 * 24 * 60 * 60_000;

/** What the loop needs to forget old answers. */
export interface ForgettingParts {
  db: DataSource;
  logger: Pick<Logger, 'info' | 'error'>;
  now(): Date;
}

/** Forgets what was answered to an `Idempotency-Key` more than seven days ago, a small batch at a time. Answers how many. */
export async function forgetOldAnswers({ db, logger, now }: ForgettingParts, batch = 1000): Promise<number> {
  const before = new Date(now().getTime() - keptMs);
  let forgotten = 0;
  for (let last = batch; last === batch; forgotten += last) last = await forgetAnswers(db, before, batch);
  if (forgotten > 0) logger.info({ forgotten, before }, 'old answers forgotten');
  return forgotten;
}

/** Forgets now and every hour. Whatever fails is tried again at the next turn. */
export function startForgettingLoop(parts: ForgettingParts): { stop(): Promise<void> } {
  const forget = () =>
    forgetOldAnswers(parts).catch((error: unknown) => parts.logger.error({ err: error }, 'old answers were not forgotten'));
  let turn = forget();
  const timer = setInterval(() => {
    turn = turn.then(forget);
  }, everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await turn;
    },
  };
}
