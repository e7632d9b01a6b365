import { NestFactory } from '@nestjs/core';
import { countWaiting } from '@trueup/control';
import { BatchTransport, type KafkaLink, type LogPublisher, relayPass } from '@trueup/kafka';
import {
  Listener,
  OutboxTable,
  commandChannel,
  outboxChannel,
  pendingCommands,
  poolUse,
  readWatermarks,
  waitingCommands,
} from '@trueup/persistence';
import {
  type InFlight,
  type Logger,
  type PassResult,
  type ServiceHealth,
  WorkLoop,
  clock,
  countBatch,
  crashPoint,
  watchConsumer,
  watchLoops,
  watchStore,
} from '@trueup/service';
import type { DataSource } from 'typeorm';
import { BatchInbox, CONSUMER_GROUP } from './batch-inbox.js';
import { ChangeControlModule } from './change-control.module.js';
import { CommandDesk } from './commands/command-desk.js';
import { DayWatch } from './commands/day-watch.js';
import type { TenantDays } from './tenant-day.js';

export interface ChangeControlParts {
  database: DataSource;
  link: KafkaLink;
  days: TenantDays;
  logger: Logger;
  /** The consumer has given up; the process should end. */
  onCrash: (error: Error) => void;
}

/** A run over every line of a large connection is one command. */
const COMMAND_PATIENCE_MS = 600_000;

const resultOf = (done: number): PassResult => (done > 0 ? 'busy' : 'idle');

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
    const group = { groupId: CONSUMER_GROUP, startingOffsets, onCrash, onHandled: countBatch };
    this.transport = new BatchTransport({ link, ...group });
  }

  /** Resolves when both topics are read. */
  async start(health?: ServiceHealth): Promise<void> {
    const { database, days, logger } = this.parts;
    const { outbox, publisher } = this;
    const onPublished = (): void => crashPoint('change-control.relay');
    const relay = new WorkLoop({ name: 'outbox', pass: relayPass({ outbox, publisher, onPublished }), logger });
    const inbox = new BatchInbox(
      database,
      logger,
      () => clock.now(),
      () => relay.wake(),
    );
    const desk = new CommandDesk(database, days, logger);
    const carryOut = async (moving: () => void): Promise<PassResult> => resultOf(await desk.pass(moving));
    const commands = new WorkLoop({ name: 'commands', pass: carryOut, patienceMs: COMMAND_PATIENCE_MS, logger });
    const watch = new WorkLoop({ name: 'days', pass: async () => resultOf(await this.dayWatch.pass()), logger });
    const wakes = { [commandChannel('control')]: () => commands.wake(), [outboxChannel('control')]: () => relay.wake() };
    const listener = new Listener({ database, wakes, logger });
    this.lookForDays = () => watch.wake();
    const stopMoves = clock.onMove(() => watch.wake());
    const module = ChangeControlModule.with(inbox, days);
    const app = await NestFactory.createMicroservice(module, { strategy: this.transport, logger: false });
    // Readers stop first, so that the relay can still pass on what they decided.
    this.stops.push(() => app.close(), stopMoves);
    this.stops.push(
      () => listener.stop(),
      () => watch.stop(),
      () => commands.stop(),
      () => relay.stop(),
      () => this.publisher.stop(),
    );
    if (health) this.report(health, [commands, watch, relay]);
    await app.listen();
  }

  private report(health: ServiceHealth, loops: readonly WorkLoop[]): void {
    watchLoops(health, loops);
    watchConsumer(health, this.transport);
    this.watchStore();
    health.inFlight('change-control', () => this.underWay());
  }

  private watchStore(): void {
    const { database } = this.parts;
    watchStore({
      schema: 'control',
      pool: () => poolUse(database),
      outbox: () => this.outbox.waiting(),
      commands: () => waitingCommands(database, 'control'),
      quarantined: async () => {
        const rows = await database.query<{ count: number }[]>('select count(*)::int as count from control.quarantine');
        return rows[0]!.count;
      },
    });
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
    const due = await this.dayWatch.due();
    if (due.days + due.waits > 0) this.lookForDays();
    return [
      ...behind,
      { what: 'days begun', count: due.days },
      { what: 'waits over', count: due.waits },
      { what: 'commands', count: await pendingCommands(database, 'control') },
      { what: 'outbox', count: await this.outbox.unsent(), detail: 'control' },
      ...waiting,
    ];
  }

  async stop(): Promise<void> {
    for (const stop of this.stops.splice(0)) await stop();
  }
}
