import { existsSync, openSync, readFileSync, writeSync, closeSync } from 'node:fs';
import type { DelayedCall } from './delayed-calls.js';
import type { Effect } from './effect-ledger.js';
import type { RecordChange } from './record-tables.js';

/** One line of the file: a snapshot, an effect with its after-images, or a call that waits. */
export interface SandboxEntry {
  readonly state?: unknown;
  readonly effect?: Effect;
  readonly delayed?: DelayedCall;
  /** Id of a delayed call that has had its turn. */
  readonly settled?: number;
}

interface Replay {
  effect(effect: Effect): void;
  /** The latest snapshot, then what changed since. */
  state(state: unknown): void;
  changes(changes: readonly RecordChange[]): void;
  delayed(call: DelayedCall): void;
  settled(id: number): void;
}

/** Append-only JSON lines from which a sandbox comes back after a kill. */
export class SandboxFile {
  readonly #descriptor: number;
  #entries: readonly SandboxEntry[];

  constructor(path: string) {
    this.#entries = existsSync(path) ? readEntries(path) : [];
    this.#descriptor = openSync(path, 'a', 0o600);
    // A line torn by a kill must not swallow the next one.
    if (this.#entries.length > 0) writeSync(this.#descriptor, '\n');
  }

  /** Hands over what the file holds, oldest first, once. */
  replay(onto: Replay): void {
    const latest = this.#entries.findLastIndex(({ state }) => state !== undefined);
    for (const [index, { state, effect, delayed, settled }] of this.#entries.entries()) {
      if (index === latest) onto.state(state);
      if (effect) onto.effect(effect);
      if (effect && index > latest) onto.changes(effect.changed);
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
