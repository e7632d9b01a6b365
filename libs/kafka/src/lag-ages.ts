import type { PartitionLag } from './group-lag.js';

interface SeenEnd {
  end: bigint;
  atMs: number;
}

/** Ends kept per partition; with a look every five seconds that is an hour and a half, then every second one is dropped. */
const MOST_ENDS = 1_000;

/**
 * Turns lags in messages into lags in time: when the log's end first lay beyond the position, its next record was there at the latest. So an
 * age is too small by at most the time between two looks, and needs no record to be read.
 */
export class LagAges {
  private readonly ends = new Map<string, SeenEnd[]>();

  /** Notes one look; answers the age in milliseconds of what waits first, per lag in the order given; 0 where nothing waits. */
  look(lags: readonly PartitionLag[], nowMs: number): number[] {
    return lags.map((lag) => this.ageOf(lag, nowMs));
  }

  private ageOf({ topic, partition, next, end }: PartitionLag, nowMs: number): number {
    const key = `${topic}/${partition}`;
    const waiting = (this.ends.get(key) ?? []).filter((seen) => seen.end > next);
    if (end > next && waiting.at(-1)?.end !== end) waiting.push({ end, atMs: nowMs });
    this.ends.set(key, waiting.length > MOST_ENDS ? waiting.filter((_, index) => index % 2 === 0) : waiting);
    return waiting[0] === undefined ? 0 : nowMs - waiting[0].atMs;
  }
}
