import type { IngestLimits } from './ingest-client.js';
import type { EventFate } from './send-split.js';

/** An event on its way: its JSON text, and who wants to know what became of it. */
export interface Sendable {
  json: string;
  settle: (fate: EventFate) => void;
}

/**
 * Gathers events into batches within the limits and sends one batch after the other. All events of a customer go through one lane, so
 * their order is kept; several lanes send at the same time.
 */
export class Lane {
  private batch: Sendable[] = [];
  private bytes = 2;
  private underWay: Promise<void> = Promise.resolve();
  private failure: { error: unknown } | null = null;

  constructor(
    private readonly limits: IngestLimits,
    private readonly send: (events: readonly string[]) => Promise<EventFate[]>,
    private readonly onFailure: () => void,
  ) {}

  /** Takes an event; waits while a full batch stands behind one that is under way. */
  async push(event: Sendable): Promise<void> {
    const size = Buffer.byteLength(event.json) + 1;
    const isFull = this.batch.length === this.limits.maxEvents || this.bytes + size > this.limits.maxBodyBytes;
    if (isFull) await this.flush();
    this.batch.push(event);
    this.bytes += size;
  }

  /** Sends what is gathered as soon as the batch before it is answered; does not wait for its own answer. */
  async flush(): Promise<void> {
    await this.underWay;
    if (this.failure) throw this.failure.error;
    const batch = this.batch;
    this.batch = [];
    this.bytes = 2;
    if (batch.length > 0) this.underWay = this.#carry(batch);
  }

  /** Waits until all of it is answered; throws what went wrong. */
  async drain(): Promise<void> {
    await this.flush();
    await this.rest();
    if (this.failure) throw this.failure.error;
  }

  /** Waits for what is under way, however it ends. */
  rest(): Promise<void> {
    return this.underWay;
  }

  async #carry(batch: readonly Sendable[]): Promise<void> {
    try {
      const fates = await this.send(batch.map(({ json }) => json));
      batch.forEach(({ settle }, at) => settle(fates[at]!));
    } catch (error) {
      this.failure ??= { error }; // thrown to whoever pushes next
      this.onFailure();
    }
  }
}
