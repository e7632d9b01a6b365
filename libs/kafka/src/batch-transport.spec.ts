import { Controller, type INestMicroservice } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { LINE_TARGETS, OUTCOMES, PROVISIONING_EVENTS } from '@trueup/contracts';
import 'reflect-metadata';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { BatchContext } from './batch-context.js';
import { BatchTransport, type BatchTransportOptions } from './batch-transport.js';
import type { LinkLogger } from './link-logger.js';
import { type BatchOutcome, doneWith, type RecordBatch } from './log-record.js';
import { MemoryLog } from './memory-log.js';
import { OnBatch } from './on-batch.js';
import type { HandledBatch } from './transport-health.js';

interface Seen {
  values: string[];
  failures: number;
  context: BatchContext | null;
  /** What the handler of events waits for. */
  until?: Promise<void>;
}

/** A controller that notes what it gets; decorated by hand, since the test runner compiles specs without decorators. */
function controllerNoting(seen: Seen): new () => object {
  class Handlers {
    async events(batch: RecordBatch, context: BatchContext): Promise<BatchOutcome> {
      seen.context = context;
      seen.values.push(...batch.records.map(({ value }) => String(value)));
      await seen.until;
      return doneWith(batch);
    }

    failing(): Promise<BatchOutcome> {
      seen.failures += 1;
      return Promise.reject(new Error('the real reason'));
    }

    forgetful(): Promise<void> {
      seen.failures += 1;
      return Promise.resolve();
    }
  }
  const decorate = (name: keyof Handlers, decorator: MethodDecorator): void =>
    void Reflect.decorate([decorator], Handlers.prototype, name, Object.getOwnPropertyDescriptor(Handlers.prototype, name)!);
  Payload()(Handlers.prototype, 'events', 0);
  Ctx()(Handlers.prototype, 'events', 1);
  decorate('events', OnBatch(PROVISIONING_EVENTS));
  decorate('failing', OnBatch(OUTCOMES));
  decorate('forgetful', EventPattern<string>(LINE_TARGETS));
  Controller()(Handlers);
  return Handlers;
}

const tick = (ms = 50): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the batch transport', () => {
  let app: INestMicroservice | null = null;
  afterEach(() => app?.close());

  const started = async (
    log: MemoryLog,
    options: Partial<BatchTransportOptions> = {},
  ): Promise<{ seen: Seen; transport: BatchTransport }> => {
    const transport = new BatchTransport({ link: log, groupId: 'g', ...options });
    const seen: Seen = { values: [], failures: 0, context: null };
    const module = await Test.createTestingModule({ controllers: [controllerNoting(seen)] }).compile();
    app = module.createNestMicroservice({ strategy: transport, logger: false });
    await app.listen();
    return { seen, transport };
  };
  const publish = (log: MemoryLog, topic: string, ...values: string[]): Promise<void> =>
    log.publisher().publish(
      topic,
      values.map((value) => ({ key: 'k', partitionBy: 'k', value })),
    );

  it('hands batches to the handler of their topic and commits its outcome', async () => {
    const log = new MemoryLog();
    const { seen, transport } = await started(log);
    await publish(log, PROVISIONING_EVENTS, 'a', 'b');
    await tick();

    const lag = await transport.lag(0);

    expect(seen.values).toEqual(['a', 'b']);
    expect(seen.context?.signal.aborted).toBe(false);
    expect(lag.filter(({ topic }) => topic === PROVISIONING_EVENTS).every((each) => each.lag === 0n)).toBe(true);
  });

  it('gives the real error of a handler to the log, and the batch again', async () => {
    const reasons: string[] = [];
    const note = (fields: object): void => void reasons.push(String((fields as { err?: Error }).err?.message));
    const logger: LinkLogger = { debug: note, info: note, warn: note, error: note };
    const log = new MemoryLog({ logger });
    const { seen, transport } = await started(log);
    await publish(log, OUTCOMES, 'a');
    await tick(300);

    expect(seen.failures).toBeGreaterThan(1);
    expect(new Set(reasons)).toEqual(new Set(['the real reason']));
    expect((await transport.lag(0)).reduce((sum, { lag }) => sum + lag, 0n)).toBe(1n);
  });

  it('does not take a missing outcome for done', async () => {
    const log = new MemoryLog();
    const { transport } = await started(log);
    await publish(log, LINE_TARGETS, 'a');
    await tick();

    expect((await transport.lag(0)).reduce((sum, { lag }) => sum + lag, 0n)).toBe(1n);
  });

  it('says that a process is dead whose handler gives no sign any more', async () => {
    const log = new MemoryLog();
    const { seen, transport } = await started(log, { handlerPatienceMs: 20 });
    const blocked = Promise.withResolvers<void>();
    seen.until = blocked.promise;
    await publish(log, PROVISIONING_EVENTS, 'a');
    await vi.waitFor(() => expect(transport.problemOfLife()).toMatch(/^no sign of the handlers of provisioning.events.v1/));
    blocked.resolve();
    await vi.waitFor(() => expect(transport.problemOfLife()).toBeNull());
  });

  it('tells what came of every batch', async () => {
    const handled: HandledBatch[] = [];
    const log = new MemoryLog();
    await started(log, { onHandled: (each) => handled.push(each) });
    await publish(log, PROVISIONING_EVENTS, 'a', 'b');
    await publish(log, OUTCOMES, 'c');
    await vi.waitFor(() => expect(new Set(handled.map(({ result }) => result))).toEqual(new Set(['done', 'failed'])));
    expect(handled).toContainEqual({ topic: PROVISIONING_EVENTS, records: 2, seconds: expect.any(Number), result: 'done' });
  });

  it('consumes only the topics that it is told to', async () => {
    const log = new MemoryLog();
    const { seen } = await started(log, { onlyTopics: [PROVISIONING_EVENTS] });
    await publish(log, OUTCOMES, 'a');
    await publish(log, PROVISIONING_EVENTS, 'b');
    await tick();

    expect({ failures: seen.failures, values: seen.values }).toEqual({ failures: 0, values: ['b'] });
  });

  it('counts as lag what the stored positions of the group leave, whoever owns the partition', async () => {
    const log = new MemoryLog();
    await publish(log, PROVISIONING_EVENTS, 'a', 'b', 'c');
    const { transport } = await started(log, {
      onlyTopics: [PROVISIONING_EVENTS],
      startingOffsets: () => Promise.resolve(new Map()),
    });
    await tick();

    expect((await transport.lag(0)).filter(({ lag }) => lag > 0n)).toMatchObject([
      { topic: PROVISIONING_EVENTS, next: 0n, end: 3n, lag: 3n },
    ]);
  });

  it('is joined after listen and no more after close', async () => {
    const { transport } = await started(new MemoryLog());
    const before = transport.health().isJoined;
    await app!.close();

    expect([before, transport.health().isJoined]).toEqual([true, false]);
  });

  it('refuses a second handler for a topic', () => {
    const transport = new BatchTransport({ link: new MemoryLog(), groupId: 'g' });
    const handler = (): Promise<never> => Promise.reject(new Error('never called'));
    transport.addHandler(OUTCOMES, handler, true);

    expect(() => transport.addHandler(OUTCOMES, handler, true)).toThrow(`topic ${OUTCOMES} has two handlers`);
  });
});
