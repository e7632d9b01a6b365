import { NestFactory } from '@nestjs/core';
import type { MicroserviceOptions } from '@nestjs/microservices';
import { billingSchema, DayWatch, PeriodCloser } from '@trueup/billing';
import { BatchTransport, createKafka } from '@trueup/kafka';
import { commandChannel, Listener, openDatabase, outboxChannel, OutboxTable, readWatermarks } from '@trueup/persistence';
import { clock, countBatch, type RunningService, type ServiceContext } from '@trueup/service';
import { EventProjector } from './event-projector.js';
import { ProjectorLoops } from './projector-loops.js';
import { PROJECTOR_GROUP } from './project-records.js';
import type { ProjectorConfig } from './projector-config.js';
import { ProjectorModule } from './projector-module.js';
import { watchProjector } from './watch-projector.js';

/** Connects, consumes, relays, carries out commands; answers how to stop: no new batch, those under way committed, outbox passed on. */
export async function startProjector({
  name,
  config,
  logger,
  health,
  fail,
}: ServiceContext<ProjectorConfig>): Promise<RunningService> {
  const now = (): Date => clock.now();
  const database = await openDatabase({
    url: config.TRUEUP_DATABASE_URL,
    ownerUrl: config.TRUEUP_DATABASE_OWNER_URL,
    applicationName: name,
    schemas: [billingSchema],
    logger,
  });
  const link = createKafka({ brokers: config.TRUEUP_KAFKA_BROKERS, clientId: name, logger, now });
  const publisher = link.publisher();
  const outbox = new OutboxTable(database, 'billing');
  const days = new DayWatch(database);
  const transport = new BatchTransport({
    link,
    groupId: PROJECTOR_GROUP,
    startingOffsets: (topic) => readWatermarks(database, 'billing', PROJECTOR_GROUP, topic),
    maxRecords: config.TRUEUP_PROJECTOR_CHUNK,
    onHandled: countBatch,
    onCrash: (error) => fail('the consumer gave up', error),
  });
  // The lag of the whole group: whichever replica owns a partition, everybody waits for it.
  const closer = new PeriodCloser({ database, now, positions: () => transport.lag(0) });
  const loops = new ProjectorLoops({ database, days, closer, outbox, publisher, now, logger });
  const onSent = (): void => loops.relay.wake();
  const wakes = { [commandChannel('billing')]: () => loops.wakeCommands(), [outboxChannel('billing')]: onSent };
  const listener = new Listener({ database, wakes, logger });
  const stopMoves = clock.onMove(() => loops.wakeCalendar());
  watchProjector(health, { database, transport, outbox, days, closer, loops, now });
  const module = ProjectorModule.around(new EventProjector({ database, now, logger, onSent }));
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, {
    strategy: transport,
    logger: false,
    abortOnError: false,
  });
  await app.listen();
  return {
    stop: async () => {
      await app.close();
      stopMoves();
      await listener.stop();
      await loops.stop();
      await publisher.stop();
      await link.stop();
      await database.destroy();
    },
  };
}
