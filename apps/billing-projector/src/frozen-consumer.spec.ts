import 'reflect-metadata';
import { type INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { PROVISIONING_EVENTS } from '@trueup/contracts';
import { type BatchOutcome, BatchTransport, MemoryLog, type RecordBatch, doneWith } from '@trueup/kafka';
import { AdminServer, ServiceHealth, watchConsumer } from '@trueup/service';
import { afterEach, describe, expect, it } from 'vitest';
import type { EventProjector } from './event-projector.js';
import { ProjectorModule } from './projector-module.js';

let app: INestMicroservice;
let admin: AdminServer;
afterEach(async () => {
  await admin.stop();
  await app.close();
});

/** A process whose handler waits for `until`; answers the address of its admin side and its log. */
async function processWaitingFor(until: Promise<void>): Promise<{ url: string; log: MemoryLog }> {
  const log = new MemoryLog();
  const transport = new BatchTransport({ link: log, groupId: 'spec', handlerPatienceMs: 50 });
  const project = (batch: RecordBatch): Promise<BatchOutcome> => until.then(() => doneWith(batch));
  const module = ProjectorModule.around({ project } as unknown as EventProjector);
  app = await NestFactory.createMicroservice(module, { strategy: transport, logger: false });
  await app.listen();
  const health = new ServiceHealth();
  watchConsumer(health, transport);
  admin = new AdminServer({ host: '127.0.0.1', port: 0, health, isClockMovable: false });
  return { url: `http://127.0.0.1:${await admin.start()}`, log };
}

describe('a frozen consumer', () => {
  it('is not alive, and is again when it moves on', async () => {
    const frozen = Promise.withResolvers<void>();
    const { url, log } = await processWaitingFor(frozen.promise);
    const statusOf = async (path: string) => (await fetch(url + path)).status;
    expect([await statusOf('/healthz'), await statusOf('/readyz')]).toEqual([200, 200]);
    await log.publisher().publish(PROVISIONING_EVENTS, [{ key: 'k', partitionBy: 'k', value: '{}' }]);
    await expect.poll(() => statusOf('/healthz')).toBe(503);
    expect(await (await fetch(`${url}/healthz`)).json()).toMatchObject({
      problems: { consumer: expect.stringMatching(/^no sign of the handlers of provisioning\.events\.v1\/\d+$/) },
    });
    frozen.resolve();
    await expect.poll(() => statusOf('/healthz')).toBe(200);
  });
});
