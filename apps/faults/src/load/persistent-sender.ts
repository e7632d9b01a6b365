import { setTimeout as wait } from 'node:timers/promises';
import type { CloudEvent, Runtime } from '@trueup/testing/product';
import type { Load } from '../fault.js';
import type { EventMaker } from './event-maker.js';
import { type BatchAnswer, postBatch } from './post-batch.js';
import type { SentLedger } from './sent-ledger.js';

const DEFAULT_BATCH = 7;
const GIVE_UP_AFTER_MS = 20 * 60_000;
const PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

interface SenderParts {
  runtime: Runtime;
  /** Read for every request: a token may be rotated under load. */
  token: () => string;
  maker: EventMaker;
  ledger: SentLedger;
}

/** A sender as every upstream system should be: it repeats the same events until each is acknowledged. */
export class PersistentSender implements Load {
  readonly #answers = new Map<number, number>();

  constructor(private readonly parts: SenderParts) {}

  get answers(): ReadonlyMap<number, number> {
    return this.#answers;
  }

  get acknowledged(): readonly CloudEvent[] {
    return this.parts.ledger.acknowledgedEvents;
  }

  async send(count: number, { batch = DEFAULT_BATCH }: { batch?: number } = {}): Promise<void> {
    for (let sent = 0; sent < count; sent += batch) await this.deliver(await this.draw(Math.min(batch, count - sent)));
  }

  start(perSecond: number): { stop(): Promise<void> } {
    const stopping = new AbortController();
    const done = this.#sendUntil(stopping.signal, perSecond);
    done.catch(() => undefined); // whoever stops it hears of the failure
    return {
      stop: async () => {
        stopping.abort();
        await done;
      },
    };
  }

  async draw(count: number): Promise<CloudEvent[]> {
    const now = new Date((await this.parts.runtime.status()).now);
    const events = this.parts.maker.next(count, now);
    this.parts.ledger.mean(events);
    return events;
  }

  async deliver(events: readonly CloudEvent[]): Promise<void> {
    this.parts.ledger.mean(events);
    const giveUpAt = performance.now() + GIVE_UP_AFTER_MS;
    let open = events;
    while (open.length > 0) {
      if (performance.now() > giveUpAt)
        throw new Error(`${open.length} events were never acknowledged, the first is ${open[0]!.id}`);
      const answer = await this.post(open);
      const taken = new Set(answer.results.filter(({ status }) => status !== 'rejected').map(({ id }) => id));
      open = open.filter(({ id }) => !taken.has(id));
      if (open.length > 0) await wait(Math.min(answer.retryAfterMs ?? PAUSE_MS, LONGEST_PAUSE_MS));
    }
  }

  async post(events: readonly CloudEvent[]): Promise<BatchAnswer> {
    const { runtime, token, ledger } = this.parts;
    ledger.tried(events);
    const answer = await postBatch(runtime.endpoints.ingestUrl, token(), events);
    this.#answers.set(answer.status, (this.#answers.get(answer.status) ?? 0) + 1);
    for (const { id, status, why } of answer.results) {
      if (status === 'rejected') ledger.refuse(id, why ?? '');
      else ledger.acknowledge(id, status);
    }
    return answer;
  }

  async #sendUntil(stopping: AbortSignal, perSecond: number): Promise<void> {
    while (!stopping.aborted) {
      await this.send(1);
      await wait(1000 / perSecond);
    }
  }
}
