import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { CRASH_POINTS, crashOrder } from './crash-point.js';

const program = `
  const { crashPoint, runService } = await import(${JSON.stringify(join(import.meta.dirname, '../dist/index.js'))});
  await runService({ name: 'spec', config: {}, start: async () => ({ stop: async () => {} }) });
  process.on('exit', () => console.log('exit handler'));
  crashPoint('projector.relay');
  for (let passing = 1; passing <= 3; passing++) { console.log('before passing', passing); crashPoint('projector.before-commit'); }
  process.exit(0);`;

/** Runs a service that passes `projector.before-commit` three times and ends with 0. */
const lived = (env: Record<string, string>) => {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    env: { TRUEUP_ADMIN_PORT: '0', ...env },
    encoding: 'utf8',
  });
  return { status, signal, stderr, said: stdout.split('\n').filter((line) => /passing|handler/.test(line)) };
};

let frozen: ChildProcess | undefined;
afterEach(() => void frozen?.kill('SIGKILL'));

/** The state of a process as the kernel names it; T: it stands still. */
const stateOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]![0]!;

describe('a crash point', () => {
  it('lets the process live without an order', () => {
    expect(lived({ TRUEUP_TEST_CLOCK: '1' })).toMatchObject({ status: 0, signal: null });
  });

  it('ends the process at once, by SIGKILL, the first time it is passed', () => {
    expect(lived({ TRUEUP_TEST_CLOCK: '1', TRUEUP_CRASH_AT: 'projector.before-commit' })).toMatchObject({
      signal: 'SIGKILL',
      said: ['before passing 1'],
    });
  });

  it('ends the process the n-th time it is passed', () => {
    expect(lived({ TRUEUP_TEST_CLOCK: '1', TRUEUP_CRASH_AT: 'projector.before-commit@3' })).toMatchObject({
      signal: 'SIGKILL',
      said: ['before passing 1', 'before passing 2', 'before passing 3'],
    });
  });

  it.runIf(process.platform === 'linux')('lets the process stand still, and go on from there when it is told to', async () => {
    const env = { TRUEUP_ADMIN_PORT: '0', TRUEUP_TEST_CLOCK: '1', TRUEUP_FREEZE_AT: 'projector.before-commit@2' };
    frozen = spawn(process.execPath, ['--input-type=module', '-e', program], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    frozen.stdout!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(frozen, 'exit');
    await expect.poll(() => stateOf(frozen!.pid!), { timeout: 10_000 }).toBe('T');
    const saidBefore = said.includes('before passing 3');
    frozen.kill('SIGCONT');
    expect([saidBefore, ...(await ended)]).toEqual([false, 0, null]);
  });

  it.each(['TRUEUP_CRASH_AT', 'TRUEUP_FREEZE_AT'])(
    'is refused at the start of a process whose clock cannot be moved: %s',
    (name) => {
      const { status, stderr } = lived({ [name]: 'projector.before-commit' });
      expect(stderr).toContain(`${name}: is for tests, and needs TRUEUP_TEST_CLOCK=1`);
      expect(status).toBe(1);
    },
  );

  it.each(['projector.nowhere', 'projector.before-commit@0', 'projector.before-commit@', 'projector.before-commit@two'])(
    'is refused at the start when no such point is known: %s',
    (order) => {
      const { status, stderr } = lived({ TRUEUP_TEST_CLOCK: '1', TRUEUP_CRASH_AT: order });
      expect(stderr).toContain('TRUEUP_CRASH_AT: Must be a crash point');
      expect(status).toBe(1);
    },
  );

  it('can be ordered by each name of the list', () => {
    expect(CRASH_POINTS.map((point) => crashOrder.parse(`${point}@2`))).toEqual(CRASH_POINTS.map((at) => ({ at, passing: 2 })));
  });
});
