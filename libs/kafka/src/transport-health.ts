import type { PartitionLag } from './group-lag.js';

/** What came of one batch. */
export interface HandledBatch {
  topic: string;
  records: number;
  seconds: number;
  /** `later`: it waits for its environment; `failed`: the handler threw, the batch is tried again. */
  result: 'done' | 'later' | 'failed';
}

/** What waits in one partition. */
export interface LagWithAge extends PartitionLag {
  /** For how long at least the first of it has waited; 0 when nothing does. */
  ageMs: number;
}

export interface TransportHealth {
  isJoined: boolean;
  /** How often this member has joined its group: every rebalance is one more. */
  joins: number;
  /** Last known lag per partition of the whole group; empty before the first look. */
  lag: LagWithAge[];
  lastProgressAt: Date | null;
  /** Why the consumer gave up for good, else null. */
  crashed: string | null;
  /** Partitions ("topic/partition") of this member that have records and do not move. */
  stalled: string[];
}
