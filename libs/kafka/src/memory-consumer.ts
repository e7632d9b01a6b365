import type { LinkLogger } from './link-logger.js';
import type { BatchHandler, ConsumerHealth, ConsumerOptions, LogConsumer } from './log-consumer.js';
import type { GroupMember, MemoryGroup } from './memory-group.js';
import type { MemoryPartition } from './memory-partition.js';
import { newLane, type PartitionLane } from './partition-lane.js';
import { restUntil } from './rest-until.js';
import { settleBatch } from './settle-batch.js';

interface Environment {
  partitionsOf: (topic: string) => MemoryPartition[];
  now: () => Date;
  logger: LinkLogger;
}

interface Ownership {
  isEnded: boolean;
  loops: Promise<void>[];
  lanes: PartitionLane[];
}

const DEFAULT_MAX_RECORDS = 500;
const REPOSITION_REST_MS = 20;
const noOwnership = (): Ownership => ({ isEnded: false, loops: [], lanes: [] });

/** A member of a group in memory: one loop per partition that it owns. */
export class MemoryConsumer implements LogConsumer, GroupMember {
  readonly topics: readonly string[];
  private handle: BatchHandler | null = null;
  private owned = noOwnership();
  private joins = 0;
  private lastProgressAt: Date | null = null;
  private readonly stopping = new AbortController();

  constructor(
    private readonly options: ConsumerOptions,
    private readonly group: MemoryGroup,
    private readonly env: Environment,
  ) {
    this.topics = options.topics;
  }

  run(handle: BatchHandler): Promise<void> {
    this.handle = handle;
    return this.group.join(this);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.release();
    await this.group.leave(this);
  }

  health(): ConsumerHealth {
    const owned = this.owned.lanes.map(({ topic, partition, nextOffset, restUntil: pausedUntil }) => ({
      topic,
      partition,
      nextOffset,
      pausedUntil,
    }));
    return {
      owned,
      isJoined: this.handle !== null && !this.stopping.signal.aborted,
      joins: this.joins,
      lastPollMs: null, // it is told of records and asks for none
      lastProgressAt: this.lastProgressAt,
      crashed: null,
    };
  }

  async release(): Promise<void> {
    const { loops, lanes } = this.owned;
    this.owned.isEnded = true;
    for (const lane of lanes) lane.cancelRest?.();
    for (const lane of lanes) this.partition(lane).wake();
    await Promise.all(loops);
  }

  async own(assignment: { topic: string; index: number; members: number }[]): Promise<void> {
    const owned = (this.owned = noOwnership());
    this.joins += 1;
    for (const { topic, index, members } of assignment) {
      const offsets = await this.startingOffsets(topic);
      for (let partition = index; partition < this.env.partitionsOf(topic).length; partition += members) {
        const lane = { ...newLane(topic, partition), nextOffset: offsets.get(partition) ?? 0n, isPositioned: true };
        owned.lanes.push(lane);
        owned.loops.push(this.loop(lane, owned));
      }
    }
  }

  private async startingOffsets(topic: string): Promise<Map<number, bigint>> {
    while (this.options.startingOffsets && !this.stopping.signal.aborted) {
      try {
        return await this.options.startingOffsets(topic);
      } catch (error) {
        this.env.logger.warn({ err: error, topic }, 'starting offsets not readable, tried again');
        await new Promise((resolve) => setTimeout(resolve, REPOSITION_REST_MS));
      }
    }
    return this.group.committedOf(topic);
  }

  private async loop(lane: PartitionLane, owned: Ownership): Promise<void> {
    const isOver = (): boolean => owned.isEnded || this.stopping.signal.aborted;
    while (!isOver()) {
      if (lane.restUntil) await this.rest(lane);
      else await this.readOnce(lane);
    }
  }

  private async readOnce(lane: PartitionLane): Promise<void> {
    const { topic, partition } = lane;
    const records = this.partition(lane).read(lane.nextOffset!, this.options.maxRecords ?? DEFAULT_MAX_RECORDS);
    if (records.length === 0) return this.partition(lane).changed();
    const control = { signal: this.stopping.signal, heartbeat: () => Promise.resolve() };
    const settled = await settleBatch({ topic, partition, records }, this.handle!, control, {
      ...this.env,
      failures: lane.failures,
    });
    lane.failures = settled.failures;
    lane.nextOffset = settled.next;
    lane.restUntil = settled.restUntil;
    if (settled.next > records[0]!.offset) this.group.commit(topic, partition, settled.next);
    this.lastProgressAt = this.env.now();
  }

  private rest(lane: PartitionLane): Promise<void> {
    return new Promise((resolve) => {
      const cancel = restUntil(lane.restUntil!, this.env.now, () => {
        lane.restUntil = null;
        resolve();
      });
      lane.cancelRest = () => {
        cancel();
        resolve();
      };
    });
  }

  private partition({ topic, partition }: PartitionLane): MemoryPartition {
    return this.env.partitionsOf(topic)[partition]!;
  }
}
