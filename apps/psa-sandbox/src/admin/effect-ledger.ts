import type { RecordChange } from './record-tables.js';

/** Who caused a change: a call, an injected fault, or the admin side. */
export type EffectOrigin = 'api' | 'fault' | 'admin';

/** One call that changed something. */
export interface Effect {
  /** Ascending from 1, without gaps. */
  readonly seq: number;
  /** Instant of the change on the sandbox's clock, ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly changed: readonly RecordChange[];
  readonly by: EffectOrigin;
}

/** Append-only list of everything that changed something in the sandbox. */
export class EffectLedger {
  readonly #effects: Effect[] = [];

  append(effect: Omit<Effect, 'seq'>): Effect {
    const stored = { seq: this.lastSeq + 1, ...effect };
    this.#effects.push(stored);
    return stored;
  }

  /** Takes an effect that an earlier life of the process wrote down. */
  restore(effect: Effect): void {
    this.#effects.push(effect);
  }

  since(seq: number): readonly Effect[] {
    return this.#effects.slice(Math.max(seq, 0));
  }

  get lastSeq(): number {
    return this.#effects.length;
  }

  /** Changes later than `instant`, oldest first, back to the last replacement of the state. */
  changesAfter(instant: Date): RecordChange[] {
    const limit = instant.toISOString();
    const kept = this.#effects.findLastIndex((effect) => effect.at <= limit || isReplacement(effect));
    return this.#effects.slice(kept + 1).flatMap((effect) => effect.changed);
  }
}

function isReplacement(effect: Effect): boolean {
  return effect.by === 'admin' && effect.changed.length === 0;
}
