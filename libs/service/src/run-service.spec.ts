import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from 'vitest';

const program = (stop: string, start = '') => `
  const { runService } = await import(${JSON.stringify(join(import.meta.dirname, '../dist/index.js'))});
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await runService({ name: 'spec', config: {}, start: async () => { ${start}; return { stop: async () => { ${stop} } }; } });
  setInterval(() => {}, 1_000);`;

let child: ChildProcess | undefined;
afterEach(() => void child?.kill('SIGKILL'));

/** Starts a service; answers the address of its admin side, and its log lines as they come. */
async function started(source: string): Promise<{ url: string; lines: string[] }> {
  const env = { PATH: process.env['PATH'], TRUEUP_ADMIN_PORT: '0' };
  child = spawn(process.execPath, ['--input-type=module', '-e', source], { env });
  const lines: string[] = [];
  for await (const line of createInterface(child.stdout!)) {
    lines.push(line);
    const { adminPort, level } = JSON.parse(line) as { adminPort?: number; level: string };
    if (adminPort !== undefined) return { url: `http://127.0.0.1:${adminPort}`, lines };
    if (level === 'fatal') break;
  }
  return { url: '', lines };
}

describe('runService', () => {
  it('is ready, leaves traffic first when told to stop, and ends with 0 once everything is finished', async () => {
    const { url } = await started(program('await wait(500)'));
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    const ended = once(child!, 'exit');
    child!.kill('SIGTERM');
    await expect
      .poll(async () => (await fetch(`${url}/readyz`)).json(), { interval: 10 })
      .toMatchObject({ problems: { stage: 'stopping' } });
    expect(await ended).toEqual([0, null]);
  });

  it('ends with 1 when stopping fails', async () => {
    await started(program("throw new Error('no')"));
    const ended = once(child!, 'exit');
    child!.kill('SIGTERM');
    expect(await ended).toEqual([1, null]);
  });

  it('ends with 1 when it cannot start, and says why', async () => {
    const { lines } = await started(program('', "throw new Error('no database')"));
    expect(JSON.parse(lines.at(-1)!)).toMatchObject({
      level: 'fatal',
      msg: 'the service could not start',
      err: { message: 'no database' },
    });
  });
});
