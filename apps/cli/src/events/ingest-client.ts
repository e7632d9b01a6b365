import { setTimeout as wait } from 'node:timers/promises';
import type { Secret } from '@trueup/service';
import { clock } from '@trueup/service';
import { z } from 'zod';
import { exchange, type HttpAnswer } from '../connect/exchange.js';
import { problemBody, refusalOf } from '../connect/refusal.js';
import { pauseMs, retryAfterMs } from '../connect/retry-after.js';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';

const limits = z.object({ maxEvents: z.int().positive(), maxBodyBytes: z.int().positive() });
export type IngestLimits = z.output<typeof limits>;

const eventResult = z.object({
  index: z.int(),
  status: z.enum(['accepted', 'duplicate', 'rejected']),
  problem: z.object({ code: z.string(), title: z.string() }).loose().optional(),
});
const ingestAnswer = z.object({ results: z.array(eventResult) });
export type EventResult = z.output<typeof eventResult>;

/** What became of a whole request: a result per event, or a refusal of the body that may be one event's fault. */
export type BatchFate = { results: EventResult[] } | { refused: z.output<typeof problemBody> };

export interface IngestOptions {
  url: string;
  token: Secret | null;
  timeoutMs: number;
  /** A request that found nobody for so long is given up. */
  giveUpAfterMs: number;
  signal: AbortSignal;
  /** Told before every pause. */
  onPause?: (reason: string, pauseMs: number) => void;
}

const AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);
/** Answers to a body that one of its events alone can have caused. */
const BODY_FAULTS = new Set(['malformed-body', 'too-large', 'validation-failed']);

/** Ingest as a sender sees it. */
export class IngestClient {
  constructor(private readonly options: IngestOptions) {}

  /** What one request may carry. */
  async limits(): Promise<IngestLimits> {
    const answer = await this.#untilAnswered('/v1/ingest');
    const read = limits.safeParse(answer.body);
    if (answer.status !== 200 || !read.success) throw refusalOf(answer, this.options.url);
    return read.data;
  }

  /** Sends a batch until it is answered; the same events again and again are counted once. Throws when the answer concerns them all. */
  async send(events: readonly string[]): Promise<BatchFate> {
    const answer = await this.#untilAnswered('/v1/events', `[${events.join(',')}]`);
    const read = ingestAnswer.safeParse(answer.body);
    if (read.success && read.data.results.length === events.length) return read.data;
    const refused = problemBody.safeParse(answer.body);
    if (refused.success && BODY_FAULTS.has(refused.data.code)) return { refused: refused.data };
    throw refusalOf(answer, this.options.url);
  }

  async #untilAnswered(path: string, body?: string): Promise<HttpAnswer> {
    const { url, token, timeoutMs, signal, giveUpAfterMs } = this.options;
    const startedAt = performance.now();
    const headers: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/cloudevents-batch+json' };
    for (let attempt = 0; ; attempt++) {
      const method = body === undefined ? 'GET' : 'POST';
      const answer = await exchange({
        url: url + path,
        method,
        token: body === undefined ? null : token,
        headers,
        body,
        timeoutMs,
        signal,
      });
      if ('status' in answer && !AGAIN.has(answer.status)) return answer;
      signal.throwIfAborted();
      const isOver = performance.now() - startedAt >= giveUpAfterMs;
      const reason = 'status' in answer ? `answered ${answer.status}` : answer.unreachable;
      if (isOver) throw this.#away(reason);
      const asked = 'status' in answer ? retryAfterMs(answer.headers.get('retry-after'), clock.now()) : null;
      await this.#pause(reason, asked ?? pauseMs(attempt));
    }
  }

  async #pause(reason: string, ms: number): Promise<void> {
    this.options.onPause?.(reason, ms);
    const { signal } = this.options;
    await wait(ms, undefined, { signal }).catch(() => signal.throwIfAborted()); // only an abort ends the pause early, and it knows why
  }

  #away(reason: string): Failure {
    return new Failure(EXIT.unavailable, `${this.options.url} takes no events: ${reason}`, {
      remedy: 'What was taken is noted; the same command goes on from there.',
    });
  }
}
