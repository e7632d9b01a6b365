import type { Located } from '../connector/connector.js';

/** Where a line was found: without the line itself, which has moved on by the time it is asked for. */
export type KnownPlace = Pick<Located<unknown>, 'recordIds' | 'location'>;

export interface RememberedPlacesOptions {
  /** How long a place holds, from the moment that it was located. */
  holdsMs: number;
  /** Milliseconds of a clock that only goes forward. */
  nowMs?: () => number;
}

/** Places of lines for as long as the manifest says. Using one does not prolong it; what is over is let go with every new one. */
export class RememberedPlaces {
  // In the order in which they were located: the first is over first.
  readonly #places = new Map<string, { place: KnownPlace; until: number }>();
  readonly #nowMs: () => number;

  constructor(private readonly options: RememberedPlacesOptions) {
    this.#nowMs = options.nowMs ?? (() => performance.now());
  }

  get size(): number {
    return this.#places.size;
  }

  find(key: string): KnownPlace | undefined {
    const found = this.#places.get(key);
    return found !== undefined && found.until > this.#nowMs() ? found.place : undefined;
  }

  put(key: string, { recordIds, location }: KnownPlace): void {
    const now = this.#nowMs();
    for (const [each, { until }] of this.#places) {
      if (until > now) break;
      this.#places.delete(each);
    }
    this.#places.delete(key);
    this.#places.set(key, { place: { recordIds, location }, until: now + this.options.holdsMs });
  }

  forget(key: string): void {
    this.#places.delete(key);
  }

  clear(): void {
    this.#places.clear();
  }
}
