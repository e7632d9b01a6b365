// One service of the product as its own process, from the build.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..');

/** Starts `apps/<name>/dist/main.js` with TRUEUP_ variables; `stop` ends it as an operator would. */
export function startService(name, environment, logFile) {
  const child = spawn(process.execPath, [...(flags[name] ?? []), join(repository, 'apps', name, 'dist/main.js')], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', TRUEUP_ADMIN_PORT: '0', TRUEUP_LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile, { flags: 'a' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = once(child, 'exit');
  return {
    pid: child.pid,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      log.end();
    },
  };
}

/** Flags of Node that a service is started with in production. */
const flags = {};
