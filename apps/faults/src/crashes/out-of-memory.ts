import { until } from '@trueup/testing/product';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import type { FaultRun } from '../fault.js';
import { processOf } from './dies-at.js';

const run = promisify(execFile);
const WITHIN_MS = 60_000;
const QUESTIONS_AT_ONCE = 100;

/** Allows a process half of the memory that it has reserved: the next time that it wants some it gets none. Answers whether it ended by that. */
export async function runsOutOfMemory({ runtime }: FaultRun, service: string, replica: number): Promise<boolean> {
  const { pid } = await processOf(runtime, service, replica);
  const reservedKb = Number(/VmData:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]);
  await run('prlimit', ['--pid', String(pid), `--data=${reservedKb * 512}`]);
  const metrics = `http://127.0.0.1:${runtime.endpoints.adminPorts[service]![replica]!}/metrics`;
  return until(async () => {
    await useMemory(metrics);
    return (await processOf(runtime, service, replica)).pid !== pid;
  }, WITHIN_MS);
}

/** Long answers to many questions at once need more memory than work does that is little by chance. */
async function useMemory(metrics: string): Promise<void> {
  const ask = (): Promise<unknown> => fetch(metrics, { signal: AbortSignal.timeout(5_000) }).then((answer) => answer.text());
  await Promise.allSettled(Array.from({ length: QUESTIONS_AT_ONCE }, ask));
}
