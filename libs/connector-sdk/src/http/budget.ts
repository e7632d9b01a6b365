/** A limit of calls in any window of a length. */
export interface RateLimit {
  calls: number;
  perMs: number;
}

/** What a connection may still spend. Shared by replicas where Redis is there. */
export interface Budget {
  /** Takes one call. Answers 0 when granted, else the milliseconds after which it is worth asking again. */
  take(connectionId: string): Promise<number>;
  /** Calls that each limit still grants now; reading it takes none. */
  left(connectionId: string): Promise<RateLimit[]>;
  /** The PSA said "later": nothing is granted for so long. */
  pause(connectionId: string, ms: number): Promise<void>;
  /** Takes one of the endpoint's places for at most `holdMs`; undefined when all are taken. Call the result to give it back. */
  enter(connectionId: string, endpoint: string, holdMs: number): Promise<(() => Promise<void>) | undefined>;
}

/** Slots of a window: the older ones fall out one by one, so that a window never holds more than the limit. */
export const WINDOW_SLOTS = 60;
