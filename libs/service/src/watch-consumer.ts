import { Counter, Histogram } from 'prom-client';
import { metrics } from './metrics.js';
import { sampledGauge } from './sampled-gauge.js';
import type { ServiceHealth } from './service-health.js';

/** What libs/kafka's BatchTransport says of itself. */
export interface WatchedConsumer {
  problemOfLife(): string | null;
  health(): { isJoined: boolean; joins: number; lag: readonly WatchedLag[] };
  /** Lag of the whole group, at most a second old. */
  lag(): Promise<readonly WatchedLag[]>;
}

interface WatchedLag {
  topic: string;
  partition: number;
  lag: bigint;
  ageMs: number;
}

const BATCH_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const records = new Counter({
  name: 'trueup_kafka_records_total',
  help: 'Records handed to their handler. result: done; later = waits for its environment; failed = the handler threw. The last two are handed out again',
  labelNames: ['topic', 'result'],
  registers: [metrics],
});

const batches = new Histogram({
  name: 'trueup_kafka_batch_seconds',
  help: 'Time of one batch of one partition in its handler, mostly one database transaction',
  labelNames: ['topic'],
  buckets: BATCH_SECONDS,
  registers: [metrics],
});

/** Counts a batch; give it to the transport as `onHandled`. */
export function countBatch(batch: { topic: string; records: number; seconds: number; result: string }): void {
  records.inc({ topic: batch.topic, result: batch.result }, batch.records);
  batches.observe({ topic: batch.topic }, batch.seconds);
}

/** Reports a consumer: life, readiness, lag in messages and seconds, rebalances. */
export function watchConsumer(health: ServiceHealth, consumer: WatchedConsumer): void {
  health.live('consumer', () => consumer.problemOfLife());
  health.ready('consumer', () => (consumer.health().isJoined ? null : 'the consumer group is not joined'));
  const perPartition = async (valueOf: (lag: WatchedLag) => number) =>
    (await consumer.lag()).map((lag) => ({
      labels: { topic: lag.topic, partition: String(lag.partition) },
      value: valueOf(lag),
    }));
  sampledGauge({
    name: 'trueup_kafka_lag_messages',
    help: 'Records of a partition that the group has not applied yet, whichever replica owns it; every replica reports all partitions',
    labels: ['topic', 'partition'],
    read: () => perPartition(({ lag }) => Number(lag)),
  });
  sampledGauge({
    name: 'trueup_kafka_lag_seconds',
    help: 'For how long the first record that is not applied yet has waited, too small by five seconds at most; 0 when nothing waits',
    labels: ['topic', 'partition'],
    read: () => perPartition(({ ageMs }) => ageMs / 1_000),
  });
  sampledGauge({
    name: 'trueup_kafka_joins',
    help: 'How often this process has joined its consumer group since it started; each one beyond the first was a rebalance',
    read: () => [{ value: consumer.health().joins }],
  });
}
