import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { identifyProcess } from '../processes/process-identity.js';
import { ManagedProcess } from '../processes/managed-process.js';
import { ProcessJournal } from '../processes/process-journal.js';
import { restartDelayMs } from './restart-delay.js';
import { SupervisedProcess } from './supervised-process.js';

const forEver = 'setInterval(() => {}, 1000)';

describe('a supervised process', () => {
  let root: string;
  let said: string[];
  let supervised: SupervisedProcess;
  let isStopping: boolean;
  let launchedWith: NodeJS.ProcessEnv[];
  let failingLaunches: number;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'trueup-spec-'));
    said = [];
    isStopping = false;
    launchedWith = [];
    failingLaunches = 0;
    supervised = supervise(() => forEver);
  });
  afterEach(async () => {
    await supervised.stop();
    rmSync(root, { recursive: true });
  });

  function supervise(program: () => string): SupervisedProcess {
    const journal = new ProcessJournal(root);
    const launch = (environment: NodeJS.ProcessEnv) => {
      launchedWith.push(environment);
      if (failingLaunches-- > 0) return Promise.reject(new Error('no answer in time'));
      return ManagedProcess.start(
        {
          name: 'spec/0',
          command: process.execPath,
          args: ['-e', program()],
          env: { ...process.env, ...environment },
          cwd: root,
          logFile: join(root, 'log'),
          marker: process.execPath,
        },
        journal,
      );
    };
    const watcher = {
      get isStopping() {
        return isStopping;
      },
      onChange: () => undefined,
      say: (sentence: string) => said.push(sentence),
    };
    return new SupervisedProcess({ service: 'spec', replica: 0, launch, isReady: async () => true }, watcher);
  }

  it('keeps the environment of a restart when it dies by itself, and drops it with the next restart that has another', async () => {
    await supervised.start();
    await supervised.restart({ TRUEUP_CRASH_AT: 'projector.relay' });
    const { pid } = supervised;
    process.kill(pid!, 'SIGKILL');
    await vi.waitFor(() => expect(supervised.pid).not.toBeOneOf([pid, null]), 5_000);
    await supervised.restart({});
    const crash = { TRUEUP_CRASH_AT: 'projector.relay' };
    expect(launchedWith).toEqual([{}, crash, crash, {}]);
  });

  it('is started again when it ends by itself, and that is said', async () => {
    const programs = ['process.exit(3)', forEver];
    supervised = supervise(() => programs.shift() ?? forEver);
    await supervised.start();

    await vi.waitFor(() => expect(supervised.state).toBe('running'), 5_000);

    expect(said).toEqual(['spec/0 ended with code 3; it is started again in 0.5 s']);
  });

  it('stays down after a killing signal, until it is restarted', async () => {
    await supervised.start();
    const first = supervised.pid;
    supervised.signal('SIGKILL');
    await vi.waitFor(() => expect(supervised.state).toBe('down'), 5_000);
    expect(supervised.signal('SIGKILL')).toBe(false);

    await supervised.restart();

    expect(supervised.pid).not.toBe(first);
    expect(identifyProcess(supervised.pid!)).not.toBeNull();
  });

  it('is tried again when a restart could not start it, and that is said', async () => {
    await supervised.start();
    failingLaunches = 1;
    await supervised.restart();
    expect([supervised.state, supervised.pid]).toEqual(['crashed', null]);

    await vi.waitFor(() => expect(supervised.state).toBe('running'), 5_000);

    expect(said).toEqual(['spec/0 could not start (no answer in time); it is started again in 0.5 s']);
  });

  it('leaves one process when restarts meet', async () => {
    await supervised.start();
    const pids = [supervised.pid];
    const restarts = [1, 2, 3].map(() => supervised.restart().then(() => pids.push(supervised.pid)));
    await Promise.all(restarts);

    const alive = [...new Set(pids)].filter((pid) => pid !== null && identifyProcess(pid) !== null);

    expect(alive).toEqual([supervised.pid]);
  });

  it('is ended even while it is frozen', async () => {
    await supervised.start();
    const pid = supervised.pid!;
    supervised.signal('SIGSTOP');
    expect(supervised.state).toBe('frozen');

    await supervised.stop();

    expect(identifyProcess(pid)).toBeNull();
  });

  it('is not started while the runtime stops', async () => {
    isStopping = true;

    await expect(supervised.start()).rejects.toThrow(/stopping/);
  });

  it('waits longer after every crash, at most 30 seconds', () => {
    expect([1, 2, 3, 7, 50].map(restartDelayMs)).toEqual([500, 1000, 2000, 30_000, 30_000]);
  });
});
