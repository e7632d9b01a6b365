import { setTimeout as rest } from 'node:timers/promises';
import { type DayWatch, passCommands } from '@trueup/billing';
import type { LinkLogger } from '@trueup/kafka';
import { pendingCommands } from '@trueup/persistence';
import type { DataSource } from 'typeorm';

const POLL_MS = 250;
const LONGEST_BACKOFF_MS = 5_000;

export interface CommandLoopOptions {
  database: DataSource;
  days: DayWatch;
  now: () => Date;
  logger: LinkLogger;
  /** Called after commands that put line targets into the outbox. */
  onSent: () => void;
}

/** Looks for days that begin and carries out commands, until stopped. */
export class CommandLoop {
  private readonly stopping = new AbortController();
  private failures = 0;
  private readonly running: Promise<void>;

  constructor(private readonly options: CommandLoopOptions) {
    this.running = this.run();
  }

  /** Finishes the pass under way. */
  stop(): Promise<void> {
    this.stopping.abort();
    return this.running;
  }

  /** Why the loop makes no progress, or null. */
  problem(): string | null {
    return this.failures < 3 ? null : 'commands have failed several times in a row';
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      this.failures = (await this.pass()) ? 0 : this.failures + 1;
      await this.rest(Math.min(POLL_MS * 2 ** this.failures, LONGEST_BACKOFF_MS));
    }
  }

  private async pass(): Promise<boolean> {
    const { database, days, now, logger, onSent } = this.options;
    try {
      await days.look(now());
      if ((await pendingCommands(database, 'billing')) === 0) return true;
      const { done, sent, failed } = await passCommands(database, now);
      if (sent > 0) onSent();
      if (done > 0) logger.info({ done, sent }, 'commands carried out');
      for (const { command, error } of failed)
        logger.error({ err: error, kind: command.kind, tenantId: command.tenantId }, 'a command failed');
      return failed.length === 0;
    } catch (error) {
      logger.warn({ err: error }, 'commands wait for their environment');
      return false;
    }
  }

  private async rest(ms: number): Promise<void> {
    await rest(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined); // stopping cuts a rest short, that is all
  }
}
