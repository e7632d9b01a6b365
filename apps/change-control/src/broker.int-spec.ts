import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { LINE_TARGETS, type QuantityChange, TOPICS, quantityChangesTopic } from '@trueup/contracts';
import { type KafkaLink, createKafka } from '@trueup/kafka';
import { createLogger } from '@trueup/service';
import { startedKafka } from '@trueup/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { targetOf } from './target.model.js';

let world: ControlWorld;
let link: KafkaLink;
beforeAll(async () => {
  const { brokers } = await startedKafka();
  link = createKafka({ brokers, clientId: 'change-control-spec', logger: createLogger('spec', 'fatal') });
  await link.ensureTopics(TOPICS);
  world = await ControlWorld.started(link);
});
afterAll(async () => {
  await world.stop();
  await link.stop();
});

/** Everything released for a connection so far, read from the beginning. */
async function releasedOnBroker(connectionId: string): Promise<QuantityChange[]> {
  const changes: QuantityChange[] = [];
  const topics = [quantityChangesTopic('autotask')];
  const consumer = link.consumer({ groupId: `spec-${randomUUID()}`, topics, startingOffsets: () => Promise.resolve(new Map()) });
  await consumer.run((batch) => {
    const values = batch.records.flatMap(({ value }) => (value ? [JSON.parse(String(value)) as QuantityChange] : []));
    changes.push(...values.filter((change) => change.connectionId === connectionId));
    return Promise.resolve({ done: batch.records.at(-1)!.offset + 1n });
  });
  for (let tries = 0; tries < 200 && changes.length === 0; tries++) await wait(50);
  await wait(300);
  await consumer.stop();
  return changes;
}

describe('change-control on the real broker', () => {
  it('releases one change for one target, and none again after a restart', async () => {
    const { id, tenantId } = await world.mappedTenant();
    await world.decide(targetOf({ tenantId }, 1, [['2026-11-23', '3']]));
    await world.stopControl();
    await world.startControl();
    await world.settle();
    expect((await link.endOffsets(LINE_TARGETS)).size).toBeGreaterThan(0);
    expect((await releasedOnBroker(id)).map((change) => [change.version, change.steps[0]!.quantity])).toEqual([[1, '3']]);
  });
});
