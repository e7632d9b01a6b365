/** The one clock of the runtime: real time plus an offset that all its processes share. */
export class RuntimeClock {
  private offset = 0;

  constructor(private readonly realNow: () => number = Date.now) {}

  get offsetMs(): number {
    return this.offset;
  }

  now(): Date {
    return new Date(this.realNow() + this.offset);
  }

  moveTo(instant: Date): void {
    this.offset = instant.getTime() - this.realNow();
  }
}
