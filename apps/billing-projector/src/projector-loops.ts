import { type DayWatch, passCommands, type PeriodCloser } from '@trueup/billing';
import type { LinkLogger } from '@trueup/kafka';
import { pendingCommands } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { type PassResult, PollingLoop } from './polling-loop.js';

/** Two, so that one tenant's long re-derivation does not hold up another's command. */
const COMMAND_LOOPS = 2;
/** Likewise for one tenant's large period. */
const CLOSE_LOOPS = 2;

export interface ProjectorLoopsOptions {
  database: DataSource;
  days: DayWatch;
  closer: PeriodCloser;
  now: () => Date;
  logger: LinkLogger;
  /** Called after commands that put line targets into the outbox. */
  onSent: () => void;
}

/** The loops beside the consumer: days that begin, commands that wait, periods to close. */
export function startLoops(options: ProjectorLoopsOptions): PollingLoop[] {
  const { days, now, logger } = options;
  const startDays = async (): Promise<PassResult> => {
    await days.look(now());
    return 'idle';
  };
  const commands = Array.from({ length: COMMAND_LOOPS }, () => ({ name: 'commands', pass: () => pass(options), logger }));
  const closes = Array.from({ length: CLOSE_LOOPS }, () => ({ name: 'closes', pass: () => passCloses(options), logger }));
  return [{ name: 'days', pass: startDays, logger }, ...commands, ...closes].map((loop) => new PollingLoop(loop));
}

async function passCloses({ closer, logger, onSent }: ProjectorLoopsOptions): Promise<PassResult> {
  const { closed, sent } = await closer.pass();
  if (sent > 0) onSent();
  if (closed > 0) logger.info({ closed, sent }, 'periods closed');
  return closed > 0 ? 'busy' : 'idle';
}

async function pass({ database, now, logger, onSent }: ProjectorLoopsOptions): Promise<PassResult> {
  if ((await pendingCommands(database, 'billing')) === 0) return 'idle';
  const { done, sent, failed } = await passCommands(database, now);
  if (sent > 0) onSent();
  if (done > 0) logger.info({ done, sent }, 'commands carried out');
  for (const { command, error } of failed) {
    logger.error({ err: error, kind: command.kind, tenantId: command.tenantId }, 'a command failed, tried again later');
  }
  if (failed.length > 0) return 'failed';
  return done > 0 ? 'busy' : 'idle';
}
