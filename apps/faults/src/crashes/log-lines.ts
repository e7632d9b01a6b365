import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '@trueup/testing/product';

/** What a process says in its log from now on. */
export interface LogFromNow {
  /** Lines that hold the words. */
  count(words: RegExp): number;
  /** The sum of a number that the lines with this message carry. */
  sum(message: string, field: string): number;
}

/** Reads a process's log behind its present end. */
export function logFromNow(runtime: Runtime, service: string, replica = 0): LogFromNow {
  const file = join(runtime.home, 'logs', `${service}-${replica}.log`);
  const from = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  const lines = (): string[] => readFileSync(file).subarray(from).toString('utf8').split('\n');
  return {
    count: (words) => lines().filter((line) => words.test(line)).length,
    sum: (message, field) =>
      lines()
        .filter((line) => line.includes(`"msg":"${message}"`))
        .reduce((sum, line) => sum + Number((JSON.parse(line) as Record<string, unknown>)[field] ?? 0), 0),
  };
}
