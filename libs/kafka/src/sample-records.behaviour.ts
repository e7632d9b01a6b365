import { partitionOf } from '@trueup/contracts';
import type { LogRecord, OutRecord, RecordBatch } from './log-record.js';

/** Writes ascending numbers under one key, ten calls at a time. */
export async function writeInOrder(key: string, count: number, write: (records: OutRecord[]) => Promise<void>): Promise<void> {
  // Ten calls at a time, so that several of one key wait for the same send.
  for (let from = 0; from < count; from += 100) {
    const calls = Array.from({ length: 10 }, (_, call) =>
      write(Array.from({ length: 10 }, (__, i) => ({ key, partitionBy: key, value: String(from + call * 10 + i) }))),
    );
    await Promise.all(calls);
  }
}

/** Records with the values 0 to count - 1 under one key. */
export function numbered(count: number, key: string): OutRecord[] {
  return Array.from({ length: count }, (_, i) => ({ key, partitionBy: key, value: String(i) }));
}

/** Two keys that fall into different partitions. */
export function keysOfTwoPartitions(topic: string): [string, string] {
  const first = 'key-0';
  const others = Array.from({ length: 50 }, (_, i) => `key-${i + 1}`);
  return [first, others.find((key) => partitionOf(topic, key) !== partitionOf(topic, first))!];
}

/** All records of some batches. */
export function recordsIn(batches: readonly RecordBatch[]): LogRecord[] {
  return batches.flatMap(({ records }) => records);
}

/** Notes values by key. */
export function collect(seen: Map<string, string[]>, batch: RecordBatch): void {
  for (const { key, value } of batch.records) seen.set(key!, [...(seen.get(key!) ?? []), String(value)]);
}

/** Waits. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Waits until it is true; throws after twenty seconds. */
export async function until(isTrue: () => boolean, withinMs = 20_000): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!isTrue()) {
    if (performance.now() > deadline) throw new Error('did not come true in time');
    await sleep(5);
  }
}
