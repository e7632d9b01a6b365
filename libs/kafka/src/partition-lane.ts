/** What a member knows about one partition that it owns. */
export interface PartitionLane {
  readonly topic: string;
  readonly partition: number;
  /** Null until the consumer has been told, or has seen, where to read. */
  nextOffset: bigint | null;
  /** Whether the starting offset of this group join has been applied; nothing is handed out before. */
  isPositioned: boolean;
  restUntil: Date | null;
  cancelRest: (() => void) | null;
  /** Handler errors in a row. */
  failures: number;
}

/** A lane that has just been assigned. */
export function newLane(topic: string, partition: number): PartitionLane {
  return { topic, partition, nextOffset: null, isPositioned: false, restUntil: null, cancelRest: null, failures: 0 };
}

/** The lanes of one member. */
export class PartitionLanes {
  private lanes = new Map<string, PartitionLane>();

  find(topic: string, partition: number): PartitionLane | undefined {
    return this.lanes.get(keyOf(topic, partition));
  }

  all(): PartitionLane[] {
    return [...this.lanes.values()];
  }

  /** Replaces the assignment. A partition that stays keeps its rest and its failures, but must be positioned anew. */
  assign(assignment: Readonly<Record<string, readonly number[]>>): void {
    const before = this.lanes;
    this.lanes = new Map();
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) this.keep(before.get(keyOf(topic, partition)) ?? newLane(topic, partition));
    }
    for (const [key, lane] of before) if (!this.lanes.has(key)) lane.cancelRest?.();
  }

  private keep(lane: PartitionLane): void {
    lane.isPositioned = false;
    this.lanes.set(keyOf(lane.topic, lane.partition), lane);
  }
}

function keyOf(topic: string, partition: number): string {
  return `${topic}|${partition}`;
}
