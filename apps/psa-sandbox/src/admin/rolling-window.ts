const KEPT_BEHIND = 10_000;

/** Counts what happened within the last stretch of time, and the most that any such stretch has seen. */
export class RollingWindow {
  #instants: number[] = [];
  #first = 0;
  #highest = 0;

  constructor(readonly lengthMs: number) {}

  add(now: Date): void {
    this.#instants.push(now.getTime());
    this.#highest = Math.max(this.#highest, this.count(now));
  }

  /** What happened less than the window's length before `now`. */
  count(now: Date): number {
    const oldest = now.getTime() - this.lengthMs;
    while (this.#first < this.#instants.length && this.#instants[this.#first]! <= oldest) this.#first += 1;
    if (this.#first > KEPT_BEHIND) {
      this.#instants = this.#instants.slice(this.#first);
      this.#first = 0;
    }
    return this.#instants.length - this.#first;
  }

  get highest(): number {
    return this.#highest;
  }
}
