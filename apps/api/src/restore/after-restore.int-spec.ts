import { LINE_TARGETS, OUTCOMES, PROVISIONING_EVENTS, quantityChangesTopic, TOPICS } from '@trueup/contracts';
import { createKafka, type KafkaLink, silentLogger } from '@trueup/kafka';
import { watermarkDdl } from '@trueup/persistence';
import { startedKafka } from '@trueup/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';
import { afterRestore } from './after-restore.js';

const changes = quantityChangesTopic('autotask');
const derived = [LINE_TARGETS, OUTCOMES, changes];

describe('after a restore', () => {
  let api: StartedApi;
  let log: KafkaLink;
  let connectionId: string;

  beforeAll(async () => {
    const { brokers } = await startedKafka();
    log = createKafka({ brokers, clientId: 'after-restore-spec', logger: silentLogger });
    await log.ensureTopics(TOPICS);
    const publisher = log.publisher();
    const record = { key: 'k', partitionBy: 'k', value: '{}', headers: {} };
    for (const topic of [...derived, PROVISIONING_EVENTS]) await publisher.publish(topic, [record, record]);
    await publisher.stop();
    api = await StartedApi.start();
    await api.db.query('create schema connector_autotask');
    for (const statement of watermarkDdl('connector_autotask')) await api.db.query(statement);
    connectionId = await api.connection();
  });
  afterAll(async () => {
    await api.stop();
    await log.stop();
  });

  const watermarks = (schema: string, topic: string): Promise<{ partition: number; next: string }[]> =>
    api.db.query(`select partition, next_offset as next from ${schema}.watermark where topic = $1 order by partition`, [topic]);
  const ends = async (topic: string): Promise<{ partition: number; next: string }[]> =>
    [...(await log.endOffsets(topic))].map(([partition, end]) => ({ partition, next: String(end) })).sort(byPartition);

  it('reads nothing that was decided since, and every event again', async () => {
    await api.db.query(
      `insert into control.watermark (consumer_group, topic, partition, next_offset) values ('change-control', $1, 0, 0)`,
      [LINE_TARGETS],
    );

    const { skipped } = await afterRestore(api.db, log, () => api.now);

    expect(skipped).toBeGreaterThanOrEqual(6);
    expect(await watermarks('control', LINE_TARGETS)).toEqual(await ends(LINE_TARGETS));
    expect(await watermarks('control', OUTCOMES)).toEqual(await ends(OUTCOMES));
    expect(await watermarks('connector_autotask', changes)).toEqual(await ends(changes));
    expect(await watermarks('billing', PROVISIONING_EVENTS)).toEqual([]);
  });

  it('has every connection release anew what was under way, also when it is repeated', async () => {
    const epoch = async (): Promise<number> =>
      (await api.db.query<{ epoch: number }[]>('select epoch from control.connection where id = $1', [connectionId]))[0]!.epoch;
    const before = await epoch();

    await afterRestore(api.db, log, () => api.now);
    const { connections } = await afterRestore(api.db, log, () => api.now);

    const commands = await api.db.query<unknown[]>(
      `select 1 from control.command where kind = 'epoch-raised' and payload->>'connectionId' = $1 and payload->>'reason' = 'restored'`,
      [connectionId],
    );
    expect([connections, await epoch()]).toEqual([1, before + 2]);
    expect(commands.length).toBeGreaterThanOrEqual(2);
  });
});

function byPartition(one: { partition: number }, other: { partition: number }): number {
  return one.partition - other.partition;
}
