import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Runtime } from './runtime.js';

export const REPOSITORY = join(import.meta.dirname, '../../../..');
const START_WITHIN_MS = 240_000;
const STOP_WITHIN_MS = 40_000;
// The downloaded parts are shared with the developer's own runtime; everything else of a test run is its own.
const CACHE = process.env['TRUEUP_CACHE'] ?? join(REPOSITORY, '.trueup/cache');

export interface StartedRuntime {
  runtime: Runtime;
  /** What `npm start` has printed so far. */
  output(): string;
  /** Ends it as Ctrl-C does, waits until it is gone and removes its home. Answers its exit code. */
  stop(): Promise<number | null>;
}

/** Runs `npm start -- <args>` in a home of its own, with `more` in its environment, and waits for the card. */
export async function startRuntime(
  args: readonly string[],
  portBase: number,
  more: NodeJS.ProcessEnv = {},
): Promise<StartedRuntime> {
  const home = mkdtempSync(join(tmpdir(), 'trueup-e2e-'));
  const env = {
    ...process.env,
    ...more,
    TRUEUP_HOME: home,
    TRUEUP_PORT_BASE: String(portBase),
    TRUEUP_CACHE: CACHE,
    NO_COLOR: '1',
  };
  const child = spawn(process.execPath, ['deploy/bootstrap.mjs', 'start', ...args], {
    cwd: REPOSITORY,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const started = { runtime: new Runtime(home), output: () => printed.join(''), stop: () => stopped(child, home) };
  try {
    await cardOf(started, child);
  } catch (error) {
    await started.stop();
    throw error;
  }
  return started;
}

async function cardOf({ runtime, output }: StartedRuntime, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_WITHIN_MS;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`npm start ended with ${child.exitCode}:\n${output()}`);
    if (runtime.isUp()) return;
    await wait(100);
  }
  throw new Error(`npm start showed no card in time:\n${output()}`);
}

async function stopped(child: ChildProcess, home: string): Promise<number | null> {
  const hasEnded = (): boolean => child.exitCode !== null || child.signalCode !== null;
  if (!hasEnded()) {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await Promise.race([gone, wait(STOP_WITHIN_MS, undefined, { ref: false })]);
  }
  if (!hasEnded()) throw new Error('npm start did not end in time after Ctrl-C');
  rmSync(home, { recursive: true, force: true });
  return child.exitCode;
}
