import { setTimeout as sleep } from 'node:timers/promises';
import type { ManagedProcess, ProcessExit } from '../processes/managed-process.js';
import { StartFailure } from '../start-failure.js';
import { restartDelayMs } from './restart-delay.js';

/** `down`: ended on purpose, stays so until restarted. `crashed`: ended by itself, is started again. */
export type ProcessState = 'starting' | 'running' | 'frozen' | 'down' | 'crashed' | 'stopped';

export interface ProcessDefinition {
  readonly service: string;
  readonly replica: number;
  /** Starts a process; `environment` holds the variables that a restart was given, else nothing. */
  launch(environment: NodeJS.ProcessEnv): Promise<ManagedProcess>;
  isReady(): Promise<boolean>;
}

export interface ProcessWatcher {
  /** Once true nothing is started any more: whoever stops the runtime would not know of it. */
  readonly isStopping: boolean;
  /** A pid or a state has changed. */
  onChange(): void;
  /** One sentence for the person at the terminal. */
  say(sentence: string): void;
}

const endingSignals: readonly NodeJS.Signals[] = ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGABRT'];

/** Keeps one process of the runtime alive, unless somebody ended it through us. */
export class SupervisedProcess {
  readonly service: string;
  readonly replica: number;
  private process: ManagedProcess | null = null;
  private currentState: ProcessState = 'stopped';
  private isWanted = false;
  private crashes = 0;
  private startedAt = 0;
  private environment: NodeJS.ProcessEnv = {};
  private pendingRestart: AbortController | null = null;
  private turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly definition: ProcessDefinition,
    private readonly watcher: ProcessWatcher,
  ) {
    this.service = definition.service;
    this.replica = definition.replica;
  }

  get name(): string {
    return `${this.service}/${this.replica}`;
  }

  get pid(): number | null {
    return this.process?.pid ?? null;
  }

  get state(): ProcessState {
    return this.currentState;
  }

  /** Starts the process; rejects when it cannot be executed. Readiness is another question. */
  start(): Promise<void> {
    return this.inTurn(() => this.launch());
  }

  private async launch(): Promise<void> {
    if (this.watcher.isStopping) throw new StartFailure('The runtime is stopping.');
    this.isWanted = true;
    this.startedAt = performance.now();
    this.enter('starting');
    const process = await this.definition.launch(this.environment);
    this.process = process;
    void process.exited.then((exit) => this.ended(process, exit));
    this.enter('starting');
  }

  /** True once the process answers that it is ready; false when that takes too long, or too many crashes in a row. */
  async whenReady(timeoutMs: number, maxCrashes = Number.POSITIVE_INFINITY): Promise<boolean> {
    const deadline = performance.now() + timeoutMs;
    while (performance.now() < deadline && this.currentState !== 'stopped' && this.crashes <= maxCrashes) {
      if (this.process !== null && (await this.definition.isReady())) {
        if (this.currentState === 'starting') this.enter('running');
        return true;
      }
      await sleep(60);
    }
    return false;
  }

  /** Sends a signal; after one that ends processes this one stays down until `restart`. False when it is not running. */
  signal(signal: NodeJS.Signals): boolean {
    if (this.process === null) return false;
    if (endingSignals.includes(signal)) this.isWanted = false;
    this.process.signal(signal);
    if (signal === 'SIGSTOP') this.enter('frozen');
    if (signal === 'SIGCONT' && this.currentState === 'frozen') this.enter('running');
    return true;
  }

  /** Waits until no process runs, but not longer than the bound. */
  async whenDown(timeoutMs: number): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    while (this.process !== null && performance.now() < deadline) await sleep(10);
  }

  /** Ends the process in good order if it runs, and starts it anew, again and again if it must; `environment` replaces that of an earlier restart. */
  restart(environment?: NodeJS.ProcessEnv): Promise<void> {
    this.pendingRestart?.abort();
    return this.inTurn(async () => {
      if (environment !== undefined) this.environment = environment;
      await this.end();
      this.crashes = 0;
      await this.launch().catch((error: Error) => this.recover(`could not start (${error.message})`));
    });
  }

  stop(): Promise<void> {
    this.pendingRestart?.abort();
    return this.inTurn(async () => {
      await this.end();
      this.enter('stopped');
    });
  }

  private async end(): Promise<void> {
    this.isWanted = false;
    this.pendingRestart?.abort();
    await this.process?.stop();
    this.process = null;
  }

  /** One start or stop at a time: two at once would leave a process that nobody knows. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.turn.then(work);
    this.turn = result.catch(() => undefined); // the caller of this turn hears of it; the next turn begins anyway
    return result;
  }

  private ended(process: ManagedProcess, exit: ProcessExit): void {
    if (process !== this.process) return;
    this.process = null;
    if (this.isWanted) this.recover(`ended ${describe(exit)}`);
    else this.enter('down');
  }

  private recover(whatHappened: string): void {
    this.crashes = performance.now() - this.startedAt > 30_000 ? 1 : this.crashes + 1;
    const delayMs = restartDelayMs(this.crashes);
    this.watcher.say(`${this.name} ${whatHappened}; it is started again in ${delayMs / 1000} s`);
    this.enter('crashed');
    this.pendingRestart = new AbortController();
    void this.startAfter(delayMs, this.pendingRestart.signal);
  }

  private async startAfter(delayMs: number, signal: AbortSignal): Promise<void> {
    const isDue = await sleep(delayMs, true, { signal }).catch(() => false); // aborted: somebody else decides now
    if (!isDue) return;
    try {
      await this.inTurn(async () => {
        if (!signal.aborted) await this.launch();
      });
      void this.whenReady(60_000);
    } catch (error) {
      this.recover(`could not start (${(error as Error).message})`);
    }
  }

  private enter(state: ProcessState): void {
    this.currentState = state;
    this.watcher.onChange();
  }
}

function describe({ code, signal }: ProcessExit): string {
  return signal === null ? `with code ${code}` : `by ${signal}`;
}
