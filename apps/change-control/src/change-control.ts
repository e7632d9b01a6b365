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
    const inbox = new BatchInbox(database, logger, () => clock.now());
    const app = await NestFactory.createMicroservice(ChangeControlModule.with(inbox, days), {
      strategy: this.transport,
      logger: false,
    });
    const relay = startRelay({ outbox: this.outbox, publisher: this.publisher, logger });
    const desk = new CommandDesk(database, days, logger);
    const commands = new PollLoop({ name: 'commands', pass: () => desk.pass(), pollMs: COMMAND_POLL_MS, logger });
    const watch = new PollLoop({ name: 'days', pass: () => this.dayWatch.pass(), pollMs: DAY_POLL_MS, logger });
    const stopMoves = clock.onMove(() => watch.wake());
    // Readers stop first, so that the relay can still pass on what they decided.
    this.stops.push(
      () => app.close(),
      stopMoves,
      () => watch.stop(),
      () => commands.stop(),
      () => relay.stop(),
      () => this.publisher.stop(),
    );
    health?.live('commands', () => commands.problem());
    health?.live('days', () => watch.problem());
    health?.live('consumer', () => this.transport.health().crashed);
    health?.ready('consumer', () => (this.transport.health().isJoined ? null : 'the consumer group is not joined'));
    health?.inFlight('change-control', () => this.underWay());
    await app.listen();
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
    return [
      ...behind,
      { what: 'days begun', count: (await this.dayWatch.begun()).length },
      { what: 'commands', count: await pendingCommands(database, 'control') },
      { what: 'outbox', count: await this.outbox.unsent(), detail: 'control' },
      ...waiting,
    ];
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) await stop();
  }
}
