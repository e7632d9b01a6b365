import type { DataSource } from 'typeorm';
import { DayWatch } from '../commands/day-watch.js';
import { passCommands } from '../commands/pass-commands.js';
import { type LogPosition, PeriodCloser } from './period-closer.js';

/** A log of which everything is applied. */
export const ALL_APPLIED: LogPosition[] = [{ partition: 0, next: 0n, end: 0n }];

/** A business clock that a spec moves, and a log whose offsets it sets. */
export class ClosingStage {
  positions: LogPosition[] = ALL_APPLIED;
  private at: Date;

  constructor(
    readonly database: DataSource,
    at: string,
  ) {
    this.at = new Date(at);
  }

  readonly now = (): Date => this.at;

  closer(): PeriodCloser {
    return new PeriodCloser({
      database: this.database,
      now: this.now,
      positions: () => Promise.resolve(this.positions),
    });
  }

  /** Moves the clock and lets days begin, commands be carried out and periods close, as the projector's loops do. */
  async moveTo(at: string): Promise<{ closed: number; sent: number }> {
    this.at = new Date(at);
    await new DayWatch(this.database).look(this.at);
    await this.commands();
    return this.closer().pass();
  }

  async commands(): Promise<void> {
    const { failed } = await passCommands(this.database, this.now);
    if (failed[0] !== undefined) throw failed[0].error;
  }
}
