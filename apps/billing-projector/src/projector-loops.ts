import { type DayWatch, passCommands, type PeriodCloser } from '@trueup/billing';
import { relayPass, type LogPublisher } from '@trueup/kafka';
import { type OutboxTable, pendingCommands } from '@trueup/persistence';
import { crashPoint, type Logger, type PassResult, WorkLoop } from '@trueup/service';
import type { DataSource } from 'typeorm';

/** Two, so that one tenant's long re-derivation does not hold up another's command. */
const COMMAND_LOOPS = 2;
/** Likewise for one tenant's large period. */
const CLOSE_LOOPS = 2;

export interface ProjectorLoopsOptions {
  database: DataSource;
  days: DayWatch;
  closer: PeriodCloser;
  outbox: OutboxTable;
  publisher: LogPublisher;
  now: () => Date;
  logger: Logger;
}

/** The loops beside the consumer: days that begin, commands that wait, periods to close, line targets to publish. */
export class ProjectorLoops {
  readonly relay: WorkLoop;
  readonly all: readonly WorkLoop[];
  private readonly days: WorkLoop;
  private readonly commands: readonly WorkLoop[];
  private readonly closes: readonly WorkLoop[];

  constructor(private readonly options: ProjectorLoopsOptions) {
    const { logger } = options;
    const several = (count: number, name: string, pass: (moving: () => void) => Promise<PassResult>): WorkLoop[] =>
      Array.from({ length: count }, () => new WorkLoop({ name, pass, logger }));
    const onPublished = (): void => crashPoint('projector.relay');
    this.relay = new WorkLoop({ name: 'outbox', pass: relayPass({ ...options, onPublished }), logger });
    this.closes = several(CLOSE_LOOPS, 'closes', () => this.passCloses());
    this.commands = several(COMMAND_LOOPS, 'commands', (moving) => this.passCommands(moving));
    this.days = new WorkLoop({ name: 'days', pass: () => this.lookForDays(), logger });
    this.all = [this.days, ...this.commands, ...this.closes, this.relay];
  }

  wakeCommands(): void {
    for (const loop of this.commands) loop.wake();
  }

  /** Time has moved: days may have begun, and graces ended. */
  wakeCalendar(): void {
    for (const loop of [this.days, ...this.closes]) loop.wake();
  }

  /** Finishes the passes under way; what they left in the outbox is passed on. */
  async stop(): Promise<void> {
    await Promise.all([this.days, ...this.commands, ...this.closes].map((loop) => loop.stop()));
    await this.relay.stop();
  }

  private async lookForDays(): Promise<PassResult> {
    await this.options.days.look(this.options.now());
    return 'idle';
  }

  private async passCloses(): Promise<PassResult> {
    const { closer, logger } = this.options;
    const { closed, sent } = await closer.pass();
    if (closed === 0) return (await closer.underWay()) > 0 ? 'soon' : 'idle'; // it waits for the log to be applied
    logger.info({ closed, sent }, 'periods closed');
    return 'busy';
  }

  private async passCommands(moving: () => void): Promise<PassResult> {
    const { database, now, logger } = this.options;
    if ((await pendingCommands(database, 'billing')) === 0) return 'idle';
    // A command asks for the time with every few customers: so a long one shows that it moves.
    const { done, sent, failed } = await passCommands(database, () => (moving(), now()));
    if (done > 0) logger.info({ done, sent }, 'commands carried out');
    if (done > 0) this.wakeCalendar(); // a day or a person may have begun to close a period
    for (const { command, error } of failed) {
      logger.error({ err: error, kind: command.kind, tenantId: command.tenantId }, 'a command failed, tried again later');
    }
    if (failed.length > 0) return 'failed';
    return done > 0 ? 'busy' : 'idle';
  }
}
