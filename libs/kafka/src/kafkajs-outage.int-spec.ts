import { describe, expect, it } from 'vitest';
import { createKafka } from './kafkajs-link.js';
import { silentLogger } from './link-logger.js';

const nobodyListens = ['127.0.0.1:9'];

describe('a log that is away', () => {
  it('does not hold up a stop', async () => {
    const link = createKafka({ brokers: nobodyListens, clientId: 'outage', logger: silentLogger });
    const consumer = link.consumer({ groupId: 'g', topics: ['t'] });
    const running = consumer.run(() => Promise.reject(new Error('never called')));
    await new Promise((resolve) => setTimeout(resolve, 200));
    const startedAt = performance.now();
    await consumer.stop();
    await running;
    await link.stop();

    expect(performance.now() - startedAt).toBeLessThan(5_000);
  });

  it('refuses to publish within the bound, and questions soon', async () => {
    const link = createKafka({ brokers: nobodyListens, clientId: 'outage', logger: silentLogger });
    const publisher = link.publisher({ maxWaitMs: 300 });
    const startedAt = performance.now();

    await expect(publisher.publish('t', [{ key: 'k', partitionBy: 'k', value: 'v' }])).rejects.toThrow('timeout');
    const publishMs = performance.now() - startedAt;
    await expect(link.endOffsets('t')).rejects.toThrow('ECONNREFUSED');

    expect(publishMs).toBeLessThan(1_000);
    expect(performance.now() - startedAt).toBeLessThan(8_000);
  });
});
