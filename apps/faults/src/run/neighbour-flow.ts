import type { Load } from '../fault.js';

/** The neighbour's events, which flow by themselves while a fault happens. */
export class NeighbourFlow {
  #flowing: { stop(): Promise<void> } | null = null;

  constructor(
    private readonly load: Load,
    private readonly perSecond: number,
  ) {}

  start(): void {
    this.#flowing ??= this.load.start(this.perSecond);
  }

  /** Resolves when everything that was sent is acknowledged. */
  async stop(): Promise<void> {
    const flowing = this.#flowing;
    this.#flowing = null;
    await flowing?.stop();
  }

  /** Carries something out that needs silence, and lets the events flow again if they did before. */
  async paused<T>(work: () => Promise<T>): Promise<T> {
    const hasFlowed = this.#flowing !== null;
    await this.stop();
    try {
      return await work();
    } finally {
      if (hasFlowed) this.start();
    }
  }
}
