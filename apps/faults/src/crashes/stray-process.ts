import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY, type Runtime, until } from '@trueup/testing/product';
import { lifeOf } from './stands-still-at.js';

const READY_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 15_000;

/** A process beside the runtime's own, with the environment of the service's first replica: a second deployment of it, set up by mistake. */
export async function startStray(runtime: Runtime, service: string): Promise<{ stop(): Promise<void> }> {
  const adminPort = runtime.endpoints.adminPorts[service]![0]! + 500;
  const env = { ...environmentOf(runtime.endpoints.pids[service]![0]!), TRUEUP_ADMIN_PORT: String(adminPort) };
  const child = spawn(process.execPath, [join(REPOSITORY, 'apps', service, 'dist/main.js')], { env, stdio: 'ignore' });
  if (!(await until(async () => (await lifeOf(adminPort)) === 'ready', READY_WITHIN_MS))) {
    child.kill('SIGKILL');
    throw new Error(`a second deployment of ${service} did not become ready`);
  }
  return { stop: () => ended(child) };
}

function environmentOf(pid: number): NodeJS.ProcessEnv {
  const pairs = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(pairs.map((pair) => pair.split(/=(.*)/s, 2) as [string, string]));
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const hasEnded = (): Promise<boolean> => Promise.resolve(child.exitCode !== null || child.signalCode !== null);
  if (!(await until(hasEnded, STOP_WITHIN_MS, 50))) child.kill('SIGKILL');
}
