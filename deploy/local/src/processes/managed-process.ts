import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessJournal } from './process-journal.js';

export interface ProcessRequest {
  /** Unique within the runtime, for the journal and for messages. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Output of the process is appended here. */
  readonly logFile: string;
  /** Text in the command line by which a leftover is recognised as ours. */
  readonly marker: string;
  readonly stopSignal?: NodeJS.Signals;
  readonly uid?: number;
  readonly gid?: number;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** One child in a process group of its own: the terminal's Ctrl-C does not reach it, only we end it. */
export class ManagedProcess {
  readonly pid: number;
  readonly exited: Promise<ProcessExit>;
  private exit: ProcessExit | null = null;

  private constructor(
    private readonly child: ChildProcess,
    private readonly request: ProcessRequest,
    journal: ProcessJournal,
  ) {
    this.pid = child.pid!;
    journal.add(request.name, this.pid, request.marker);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.exit = { code, signal };
        journal.remove(this.pid);
        resolve(this.exit);
      });
    });
  }

  /** Starts the process; rejects when the program cannot be executed. */
  static async start(request: ProcessRequest, journal: ProcessJournal): Promise<ManagedProcess> {
    const log = openSync(request.logFile, 'a', 0o600);
    try {
      const child = spawn(request.command, request.args, {
        cwd: request.cwd,
        env: request.env,
        stdio: ['ignore', log, log],
        detached: true,
        uid: request.uid,
        gid: request.gid,
      });
      await spawned(child);
      return new ManagedProcess(child, request, journal);
    } finally {
      closeSync(log);
    }
  }

  get isRunning(): boolean {
    return this.exit === null;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.child.kill(signal);
  }

  /** Asks the process to end, and ends it by force when it is still there after `graceMs`. */
  async stop(graceMs = 12_000): Promise<void> {
    this.signal('SIGCONT'); // a process frozen by SIGSTOP would never see the next signal
    this.signal(this.request.stopSignal ?? 'SIGTERM');
    const timeout = new AbortController();
    const hasEnded = await Promise.race([this.exited.then(() => true), sleep(graceMs, false, { signal: timeout.signal })]);
    timeout.abort();
    if (!hasEnded) this.signal('SIGKILL');
    await this.exited;
  }
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}
