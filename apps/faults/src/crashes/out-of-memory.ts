import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { FaultRun } from '../fault.js';
import { until } from '../psa/until.js';
import { processOf } from './dies-at.js';

const run = promisify(execFile);
const WITHIN_MS = 60_000;

/** Allows a process half of the memory that it has reserved: the next time that it wants some it gets none. Answers whether it ended by that. */
export async function runsOutOfMemory({ runtime }: FaultRun, service: string, replica: number): Promise<boolean> {
  const { pid } = await processOf(runtime, service, replica);
  const reservedKb = Number(/VmData:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
  await run('prlimit', ['--pid', String(pid), `--data=${reservedKb * 512}`]);
  return until(async () => (await processOf(runtime, service, replica)).pid !== pid, WITHIN_MS, 50);
}
