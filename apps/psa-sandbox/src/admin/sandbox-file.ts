import { existsSync, openSync, readFileSync, writeSync, closeSync } from 'node:fs';
import type { DelayedCall } from './delayed-calls.js';
import type { Effect } from './effect-ledger.js';

/** One line of the file: a snapshot, an effect with its after-images, or a call that waits. */
export interface SandboxEntry {
  readonly state?: unknown;
  readonly effect?: Effect;
  readonly delayed?: DelayedCall;
  /** Id of a delayed call that has had its turn. */
  readonly settled?: number;
}

interface Replay {
  state(state: unknown): void;
  effect(effect: Effect): void;
  delayed(call: DelayedCall): void;
  settled(id: number): void;
}

/** Append-only JSON lines from which a sandbox comes back after a kill. */
export class SandboxFile {
  readonly #path: string;
  readonly #descriptor: number;
  #entries: readonly SandboxEntry[];

  constructor(path: string) {
    this.#path = path;
    this.#entries = existsSync(path) ? readEntries(path) : [];
    this.#descriptor = openSync(path, 'a', 0o600);
    // A line torn by a kill must not swallow the next one.
    if (this.#entries.length > 0) writeSync(this.#descriptor, '\n');
  }

  /** Whether the file held a snapshot when it was opened. */
  get hasState(): boolean {
    return this.#entries.some((entry) => entry.state !== undefined);
  }

  /** Hands over what the file holds, oldest first, once. */
  replay(onto: Replay): void {
    for (const { state, effect, delayed, settled } of this.#entries) {
      if (state !== undefined) onto.state(state);
      if (effect) onto.effect(effect);
      if (delayed) onto.delayed(delayed);
      if (settled !== undefined) onto.settled(settled);
    }
    this.#entries = [];
  }

  /** Hands the entry to the operating system before it returns: a killed process loses nothing answered. */
  write(entry: SandboxEntry): void {
    writeSync(this.#descriptor, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  get path(): string {
    return this.#path;
  }
}

function readEntries(path: string): SandboxEntry[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  return lines.flatMap((line) => (line === '' ? [] : parsedEntry(line)));
}

function parsedEntry(line: string): SandboxEntry[] {
  try {
    return [JSON.parse(line) as SandboxEntry];
  } catch {
    // A line torn by a kill belongs to a call that was never answered: it did not happen.
    return [];
  }
}
