import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Runtime } from '@trueup/testing/product';

/** What a process says in its log from now on. */
export function logFromNow(runtime: Runtime, service: string, replica = 0): { count(words: RegExp): number } {
  const file = join(runtime.home, 'logs', `${service}-${replica}.log`);
  const from = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return {
    count: (words) =>
      readFileSync(file)
        .subarray(from)
        .toString('utf8')
        .split('\n')
        .filter((line) => words.test(line)).length,
  };
}
