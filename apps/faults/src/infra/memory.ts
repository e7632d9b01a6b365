import { readFileSync } from 'node:fs';
import type { Runtime } from '@trueup/testing/product';

/** Memory that each service process holds now, in MB, by its name. */
export function memoryOf(runtime: Runtime): Map<string, number> {
  const found = Object.entries(runtime.endpoints.pids).flatMap(([service, pids]) =>
    pids.map((pid, replica): [string, number] => [`${service}/${replica}`, residentMb(pid)]),
  );
  return new Map(found);
}

/** Looks again and again; `stop` answers the most that any service has gained since the first look, in MB. */
export function watchMemory(runtime: Runtime): { stop(): number } {
  const before = memoryOf(runtime);
  let most = 0;
  const look = (): void => {
    for (const [name, mb] of memoryOf(runtime)) most = Math.max(most, mb - (before.get(name) ?? mb));
  };
  const timer = setInterval(look, 500);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

function residentMb(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // it ended between the card and the look
  }
}
