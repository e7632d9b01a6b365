type Listener = () => void;

let offsetMs = 0;
const listeners = new Set<Listener>();

/**
 * The one clock of a process. It shows the machine's time plus an offset that the local runtime can move, so that tests and demos
 * live through months in minutes. Business code takes every instant from here.
 */
export const clock = {
  /** The instant it is now. */
  now(): Date {
    return new Date(Date.now() + offsetMs);
  },
  /** Milliseconds between the machine's time and this clock's. */
  offsetMs(): number {
    return offsetMs;
  },
  /** Moves the clock to another offset and tells the listeners. */
  moveTo(newOffsetMs: number): void {
    offsetMs = newOffsetMs;
    for (const listener of listeners) listener();
  },
  /** Calls `listener` after every move; returns a function that stops that. */
  onMove(listener: Listener): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export type Clock = typeof clock;
