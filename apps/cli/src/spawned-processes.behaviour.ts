import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const built = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const silent = { NODE_ENV: 'production', PATH: process.env['PATH'], HOME: process.env['HOME'] };

export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** Starts the built command with an environment of its own; `env` holds all that it is told. */
export function startCli(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  cwd: string,
): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, [built('cli/dist/main.js'), ...args], { cwd, env: { ...silent, ...env } });
  const [out, err] = [textOf(child.stdout), textOf(child.stderr)];
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, out: out(), err: err() }));
  return { child, ended };
}

/** Runs the built command to its end. */
export function cli(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string): Promise<Ended> {
  return startCli(args, env, cwd).ended;
}

/** A service of ours as it is deployed; answers its address once it listens. */
export class SpawnedService {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  static async start(app: string, env: NodeJS.ProcessEnv): Promise<SpawnedService> {
    const own = { TRUEUP_HTTP_PORT: '0', TRUEUP_ADMIN_PORT: '0', TRUEUP_LOG_LEVEL: 'info' };
    const child = spawn(process.execPath, [built(`${app}/dist/main.js`)], { env: { ...silent, ...own, ...env } });
    const said: string[] = [];
    child.stderr.on('data', (chunk) => said.push(String(chunk)));
    let url = '';
    for await (const line of createInterface(child.stdout)) {
      said.push(line);
      url ||= /"url":"([^"]+)"/.exec(line)?.[1] ?? '';
      if (!line.includes('"service started"')) continue;
      child.stdout.resume();
      return new SpawnedService(url.replace('[::1]', '127.0.0.1'), child);
    }
    throw new Error(`${app} did not start:\n${said.join('\n')}`);
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

function textOf(stream: NodeJS.ReadableStream): () => string {
  let text = '';
  stream.on('data', (chunk) => (text += String(chunk)));
  return () => text;
}
