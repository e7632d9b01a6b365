import { clock, type Logger, WorkLoop } from '@trueup/service';
import type { DataSource } from 'typeorm';
import { AccountCheck, type CheckFindings } from './account-check.js';

const EVERY_MS = 60_000;

/** What the loop needs to compare the accounts. */
export interface CheckLoopParts {
  db: DataSource;
  logger: Pick<Logger, 'warn' | 'error' | 'info'>;
  now(): Date;
}

/** Compares the accounts now, every minute, and whenever the clock is moved. Whatever fails is tried again soon. */
export function startCheckLoop({ db, logger, now }: CheckLoopParts): { stop(): Promise<void> } {
  const check = new AccountCheck(db);
  let told = 0;
  const pass = async (): Promise<'idle'> => {
    const findings = await check.run(now());
    if (findings) told = tell(findings, told, logger);
    return 'idle';
  };
  const loop = new WorkLoop({ name: 'accounts', pass, logger, restMs: EVERY_MS });
  const stopMoves = clock.onMove(() => loop.wake());
  return {
    stop: async () => {
      stopMoves();
      await loop.stop();
    },
  };
}

/** Says when it gets worse and when it is over, not every minute in between. */
function tell(findings: CheckFindings, told: number, logger: CheckLoopParts['logger']): number {
  const all = Object.values(findings).reduce((sum, count) => sum + count, 0);
  if (all > told) logger.error({ ...findings }, 'accounts differ: GET /v1/reconciliation shows where');
  if (all === 0 && told > 0) logger.info({}, 'accounts agree again');
  return all;
}
