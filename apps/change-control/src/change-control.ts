import { NestFactory } from '@nestjs/core';
import { countWaiting } from '@trueup/control';
import { BatchTransport, type KafkaLink, type LogPublisher, startRelay } from '@trueup/kafka';
import { OutboxTable, pendingCommands, readWatermarks } from '@trueup/persistence';
import { type InFlight, type Logger, type ServiceHealth, clock } from '@trueup/service';
import type { DataSource } from 'typeorm';
import { BatchInbox, CONSUMER_GROUP } from './batch-inbox.js';
import { ChangeControlModule } from './change-control.module.js';
import { CommandDesk } from './commands/command-desk.js';
import { DayWatch } from './commands/day-watch.js';
import { PollLoop } from './commands/poll-loop.js';
import type { TenantDays } from './tenant-day.js';

export interface ChangeControlParts {
  database: DataSource;
  link: KafkaLink;
  days: TenantDays;
  logger: Logger;
  /** The consumer has given up; the process should end. */
  onCrash: (error: Error) => void;
}

const COMMAND_POLL_MS = 200;
const DAY_POLL_MS = 1_000;

/** Everything of this process that runs: consumers, commands, days, relay. */
export class ChangeControl {
  private readonly transport: BatchTransport;
  private readonly outbox: OutboxTable;
  private readonly dayWatch: DayWatch;
  private readonly publisher: LogPublisher;
  private lookForDays: () => void = () => {};
  private readonly stops: (() => Promise<unknown> | void)[] = [];

  constructor(private readonly parts: ChangeControlParts) {
    const { database, link, days, onCrash } = parts;
    this.outbox = new OutboxTable(database, 'control');
    this.dayWatch = new DayWatch(database, days);
    this.publisher = link.publisher();
    const startingOffsets = (topic: string): Promise<Map<number, bigint>> =>
      readWatermarks(database, 'control', CONSUMER_GROUP, topic);
    this.transport = new BatchTransport({ link, groupId: CONSUMER_GROUP, startingOffsets, onCrash });
  }

  /** Resolves when both topics are read. */
  async start(health?: ServiceHealth): Promise<void> {
    const { database, days, logger } = this.parts;
    const relay = startRelay({ outbox: this.outbox, publisher: this.publisher, logger });
    const inbox = new BatchInbox(
      database,
      logger,
      () => clock.now(),
      () => relay.wake(),
    );
    const desk = new CommandDesk(database, days, logger);
    const commands = new PollLoop({ name: 'commands', pass: () => desk.pass(), pollMs: COMMAND_POLL_MS, logger });
    const watch = new PollLoop({ name: 'days', pass: () => this.dayWatch.pass(), pollMs: DAY_POLL_MS, logger });
    this.lookForDays = () => watch.wake();
    const stopMoves = clock.onMove(() => watch.wake());
    const module = ChangeControlModule.with(inbox, days);
    const app = await NestFactory.createMicroservice(module, { strategy: this.transport, logger: false });
    // Readers stop first, so that the relay can still pass on what they decided.
    this.stops.push(() => app.close(), stopMoves);
    this.stops.push(
      () => watch.stop(),
      () => commands.stop(),
      () => relay.stop(),
      () => this.publisher.stop(),
    );
    if (health) this.report(health, [commands, watch]);
    await app.listen();
  }

  private report(health: ServiceHealth, loops: readonly PollLoop[]): void {
    for (const loop of loops) health.live(loop.name, () => loop.problem());
    health.live('consumer', () => this.consumerProblem());
    health.ready('consumer', () => (this.transport.health().isJoined ? null : 'the consumer group is not joined'));
    health.inFlight('change-control', () => this.underWay());
  }

  private async consumerProblem(): Promise<string | null> {
    // A log that does not answer is no stall of ours: another look follows.
    await this.transport.lag().catch(() => []);
    const { crashed, stalled } = this.transport.health();
    return crashed ?? (stalled.length > 0 ? `no progress on ${stalled.join(', ')}` : null);
  }

  /** What is still moving, here or at the connectors. */
  async underWay(): Promise<InFlight[]> {
    const { database } = this.parts;
    const lags = await this.transport.lag(0);
    const behind = lags
      .filter(({ lag }) => lag > 0n)
      .map(({ topic, partition, lag }) => ({ what: 'lag', count: Number(lag), detail: `${topic}/${partition}` }));
    const waiting = (await countWaiting(database)).map(({ connectionId, state, code, count }) => ({
      what: `agreement lines ${state}`,
      count,
      detail: `${connectionId}${code ? ` ${code}` : ''}`,
    }));
    const begun = (await this.dayWatch.begun()).length;
    if (begun > 0) this.lookForDays();
    return [
      ...behind,
      { what: 'days begun', count: begun },
      { what: 'commands', count: await pendingCommands(database, 'control') },
      { what: 'outbox', count: await this.outbox.unsent(), detail: 'control' },
      ...waiting,
    ];
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) await stop();
  }
}
