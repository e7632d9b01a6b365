import type { KafkaLink, OffsetRange } from './kafka-link.js';

/** What a group has still to read in one partition, whoever owns it. */
export interface PartitionLag {
  topic: string;
  partition: number;
  /** Next offset that the group would read, as it is stored. */
  next: bigint;
  end: bigint;
  lag: bigint;
}

export interface GroupLagOptions {
  link: KafkaLink;
  groupId: string;
  /** Where the group stores its positions; absent: in the log itself. */
  startingOffsets?: (topic: string) => Promise<Map<number, bigint>>;
}

/** Reads the lag of a whole group over all partitions, so that a partition between two owners is not overlooked. */
export class GroupLag {
  private last: { at: number; lags: Promise<PartitionLag[]> } | null = null;

  constructor(private readonly options: GroupLagOptions) {}

  /** At most `maxAgeMs` old. Throws when the log or the store does not answer. */
  async read(topics: readonly string[], maxAgeMs: number): Promise<PartitionLag[]> {
    const at = performance.now();
    if (!this.last || at - this.last.at > maxAgeMs) this.last = { at, lags: this.readNow(topics) };
    try {
      return await this.last.lags;
    } catch (error) {
      this.last = null; // do not answer later questions with this failure
      throw error;
    }
  }

  private async readNow(topics: readonly string[]): Promise<PartitionLag[]> {
    return (await Promise.all(topics.map((topic) => this.lagsOf(topic)))).flat();
  }

  private async lagsOf(topic: string): Promise<PartitionLag[]> {
    const { link, groupId, startingOffsets } = this.options;
    // Ends first: a position read later can only make the lag smaller, never hide a record.
    const ranges = await link.offsetRanges(topic);
    const stored = await (startingOffsets?.(topic) ?? link.committedOffsets(groupId, topic));
    return [...ranges].map(([partition, range]) => toLag(topic, partition, range, stored.get(partition)));
  }
}

function toLag(topic: string, partition: number, { start, end }: OffsetRange, stored: bigint | undefined): PartitionLag {
  const next = stored === undefined || stored < start ? start : stored;
  return { topic, partition, next, end, lag: end > next ? end - next : 0n };
}
