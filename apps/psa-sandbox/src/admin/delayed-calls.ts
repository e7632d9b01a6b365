import type { PsaCall } from './psa-call.js';

/** A call that was answered and is executed later, in a form that survives JSON. */
export interface DelayedCall {
  readonly id: number;
  readonly dueAt: string;
  readonly method: string;
  readonly path: string;
  readonly bodyText: string | undefined;
}

/** Calls that wait for their time, in order of it. */
export class DelayedCalls {
  #calls: DelayedCall[] = [];
  #lastId = 0;

  postpone(call: PsaCall, dueAt: Date): DelayedCall {
    const { method, path, bodyText } = call;
    const delayed = { id: this.#lastId + 1, dueAt: dueAt.toISOString(), method, path, bodyText };
    this.add(delayed);
    return delayed;
  }

  add(call: DelayedCall): void {
    this.#lastId = Math.max(this.#lastId, call.id);
    this.#calls = [...this.#calls, call].sort((left, right) => left.dueAt.localeCompare(right.dueAt));
  }

  drop(id: number): void {
    this.#calls = this.#calls.filter((call) => call.id !== id);
  }

  /** Forgets every call; answers their ids. */
  clear(): number[] {
    const ids = this.#calls.map(({ id }) => id);
    this.#calls = [];
    return ids;
  }

  takeDue(now: Date): { id: number; dueAt: string; call: PsaCall }[] {
    const due = this.#calls.filter(({ dueAt }) => dueAt <= now.toISOString());
    this.#calls = this.#calls.slice(due.length);
    return due.map((delayed) => ({ id: delayed.id, dueAt: delayed.dueAt, call: toCall(delayed) }));
  }
}

function toCall({ method, path, bodyText }: DelayedCall): PsaCall {
  return {
    method,
    path,
    bodyText,
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/json' },
    origin: 'http://sandbox',
  };
}
