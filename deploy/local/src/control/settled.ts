import { setTimeout as sleep } from 'node:timers/promises';
import type { InFlight } from '../services/admin-side.js';

/** One process to look at; `inFlight` answers null when the process does not answer. */
export interface WatchedProcess {
  readonly service: string;
  readonly replica: number;
  inFlight(): Promise<InFlight[] | null>;
}

export interface FoundInFlight extends InFlight {
  readonly service: string;
  readonly replica: number;
}

export type Settled = { settled: true } | { settled: false; inFlight: FoundInFlight[] };

/**
 * Waits until nothing is in flight. The processes are asked from left to right, as work moves; what moves right
 * behind the glance, or comes back as an outcome, is seen by the second of two clean passes in a row.
 */
export async function whenSettled(
  fromLeftToRight: readonly WatchedProcess[],
  o: { timeoutMs: number; pauseMs?: number },
): Promise<Settled> {
  const deadline = performance.now() + o.timeoutMs;
  for (let cleanPasses = 0; ;) {
    const found = await onePass(fromLeftToRight);
    cleanPasses = found.length === 0 ? cleanPasses + 1 : 0;
    if (cleanPasses === 2) return { settled: true };
    if (found.length > 0 && performance.now() > deadline) return { settled: false, inFlight: found };
    await sleep(o.pauseMs ?? 100);
  }
}

async function onePass(processes: readonly WatchedProcess[]): Promise<FoundInFlight[]> {
  const found: FoundInFlight[] = [];
  for (const process of processes) {
    const { service, replica } = process;
    const work = (await process.inFlight()) ?? [{ what: 'the process does not answer', count: 1 }];
    found.push(...work.filter(({ count }) => count > 0).map((entry) => ({ service, replica, ...entry })));
  }
  return distinct(found);
}

/** A process may be asked twice in one pass; what it said twice is said once. */
function distinct(found: readonly FoundInFlight[]): FoundInFlight[] {
  const last = new Map(found.map((entry) => [`${entry.service}/${entry.replica}/${entry.what}/${entry.detail ?? ''}`, entry]));
  return [...last.values()];
}

const order = ['api', 'ingest', 'billing-projector', 'change-control', 'connector', 'change-control'];

/** The order in which work moves: change-control again at the end, because the outcomes come back to it. */
export function fromLeftToRight<T extends { service: string }>(processes: readonly T[]): T[] {
  return order.flatMap((prefix) => processes.filter(({ service }) => service === prefix || service.startsWith(`${prefix}-`)));
}
