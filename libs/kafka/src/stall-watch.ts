import type { PartitionLag } from './group-lag.js';

interface Seen {
  next: bigint;
  sinceMs: number;
}

/** Notices a partition of ours that has records to read and does not move, although nothing makes it wait: the client is stuck. */
export class StallWatch {
  private readonly seen = new Map<string, Seen>();

  constructor(private readonly patienceMs: number) {}

  /** Looks once; answers the partitions ("topic/partition") that have not moved for longer than the patience. */
  look(waiting: readonly PartitionLag[], nowMs: number): string[] {
    const keys = new Set(waiting.map(keyOf));
    for (const key of this.seen.keys()) if (!keys.has(key)) this.seen.delete(key);
    for (const lag of waiting) this.note(lag, nowMs);
    return [...this.seen].filter(([, { sinceMs }]) => nowMs - sinceMs > this.patienceMs).map(([key]) => key);
  }

  private note(lag: PartitionLag, nowMs: number): void {
    const before = this.seen.get(keyOf(lag));
    if (before?.next !== lag.next) this.seen.set(keyOf(lag), { next: lag.next, sinceMs: nowMs });
  }
}

function keyOf({ topic, partition }: PartitionLag): string {
  return `${topic}/${partition}`;
}
