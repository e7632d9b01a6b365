import { setTimeout as wait } from 'node:timers/promises';
import type { FaultRun } from '../fault.js';
import { READER_NAMES, appliedBy } from './watermarks.js';

const LOOK_EVERY_MS = 200;

/** Watches how long ingest and each reader stand still while events flow; `stop` answers the longest stall of each, in seconds. */
export function watchStalls(run: FaultRun): { stop(): Promise<ReadonlyMap<string, number>> } {
  const clocks = new Map<string, { at: number; sinceMs: number; longestMs: number }>();
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      note(clocks, 'ingest', run.main.load.acknowledged.length);
      for (const reader of READER_NAMES) note(clocks, reader, await appliedBy(run, reader));
      await wait(LOOK_EVERY_MS);
    }
  })();
  watching.catch(() => undefined); // thrown again by stop
  return {
    stop: async () => {
      isOver = true;
      await watching;
      return new Map([...clocks].map(([name, { longestMs }]) => [name, Math.round(longestMs / 100) / 10]));
    },
  };
}

function note(clocks: Map<string, { at: number; sinceMs: number; longestMs: number }>, name: string, at: number): void {
  const nowMs = performance.now();
  const before = clocks.get(name) ?? { at, sinceMs: nowMs, longestMs: 0 };
  const longestMs = Math.max(before.longestMs, nowMs - before.sinceMs);
  clocks.set(name, at === before.at ? { ...before, longestMs } : { at, sinceMs: nowMs, longestMs });
}
