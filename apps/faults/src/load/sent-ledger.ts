import type { CloudEvent } from '@trueup/testing/product';

/** One event that was meant to count, and what its sender was told of it. */
export interface SentEvent {
  event: CloudEvent;
  attempts: number;
  /** One entry per 2xx answer that took the event. */
  acknowledged: ('accepted' | 'duplicate')[];
  /** One entry per answer that refused it for good. */
  refused: string[];
}

/** The truth about what a sender did, kept outside of the system under test. */
export class SentLedger {
  readonly #byId = new Map<string, SentEvent>();

  /** Notes events as meant; those that are known already stay as they are. */
  mean(events: readonly CloudEvent[]): void {
    for (const event of events) {
      if (!this.#byId.has(event.id)) this.#byId.set(event.id, { event, attempts: 0, acknowledged: [], refused: [] });
    }
  }

  tried(events: readonly CloudEvent[]): void {
    for (const { id } of events) this.#of(id).attempts += 1;
  }

  acknowledge(id: string, how: 'accepted' | 'duplicate'): void {
    this.#of(id).acknowledged.push(how);
  }

  refuse(id: string, why: string): void {
    this.#of(id).refused.push(why);
  }

  get all(): readonly SentEvent[] {
    return [...this.#byId.values()];
  }

  /** What must be billed in the end. */
  get acknowledgedEvents(): readonly CloudEvent[] {
    return this.all.filter(({ acknowledged }) => acknowledged.length > 0).map(({ event }) => event);
  }

  #of(id: string): SentEvent {
    const known = this.#byId.get(id);
    if (known === undefined) throw new Error(`event ${id} was never meant`);
    return known;
  }
}
