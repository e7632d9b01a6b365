import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { clock } from '@trueup/service';
import { EXIT } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { exchange, type HttpAnswer, type HttpRequest, type NoAnswer } from './exchange.js';
import { refusalOf } from './refusal.js';
import { pauseMs, retryAfterMs } from './retry-after.js';
import type { Target } from './target.js';

type Query = Readonly<Record<string, string | number | undefined>>;

const TRIES = 3;
const PAGE = 1000;

/** The api as commands use it. Anything but success is thrown as a Failure with code, pointers and remedy. */
export class ApiClient {
  constructor(
    private readonly target: Target,
    private readonly timeoutMs = 30_000,
  ) {
    if (!target.apiUrl) throw noAddress('--api-url', 'TRUEUP_API_URL');
    if (!target.apiToken) throw noToken();
  }

  async get<T>(path: string, query: Query = {}): Promise<T> {
    return this.#ask<T>('GET', `${path}${queryText(query)}`);
  }

  /** Carried out once, however often it must be sent. */
  post<T>(path: string, body?: unknown, query: Query = {}): Promise<T> {
    return this.#ask<T>('POST', `${path}${queryText(query)}`, body, { 'idempotency-key': randomUUID() });
  }

  async delete(path: string): Promise<void> {
    await this.#ask('DELETE', path);
  }

  /** Every row of a list, page by page. */
  async *rows<T>(path: string, query: Query = {}): AsyncGenerator<T> {
    let cursor: string | undefined;
    do {
      const page: { data: T[]; nextCursor: string | null } = await this.get(path, { limit: PAGE, ...query, cursor });
      yield* page.data;
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }

  async list<T>(path: string, query: Query = {}): Promise<T[]> {
    const rows: T[] = [];
    for await (const row of this.rows<T>(path, query)) rows.push(row);
    return rows;
  }

  async #ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await this.#answer(method, path, body, headers);
    if (answer.status < 200 || answer.status >= 300) throw refusalOf(answer, this.target.apiUrl!);
    return answer.body as T;
  }

  async #answer(method: string, path: string, body: unknown, headers: Record<string, string>): Promise<HttpAnswer> {
    const request: HttpRequest = {
      url: `${this.target.apiUrl}${path}`,
      method,
      token: this.target.apiToken,
      timeoutMs: this.timeoutMs,
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    for (let attempt = 1; ; attempt++) {
      const answer = await exchange(request);
      if (attempt === TRIES || !mayPass(answer)) return reached(answer, this.target.apiUrl!);
      await wait('status' in answer ? (retryAfterMs(answer.headers.get('retry-after'), clock.now()) ?? pauseMs(0)) : pauseMs(0));
    }
  }
}

function mayPass(answer: HttpAnswer | NoAnswer): boolean {
  return 'unreachable' in answer ? answer.unreachable !== 'nothing listens there' : [429, 502, 503, 504].includes(answer.status);
}

function reached(answer: HttpAnswer | NoAnswer, url: string): HttpAnswer {
  if ('status' in answer) return answer;
  throw new Failure(EXIT.unavailable, `${url} cannot be reached: ${answer.unreachable}`, {
    remedy: 'Check the address and the network; "trueup doctor" looks at both.',
  });
}

function queryText(query: Query): string {
  const present = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return present.length === 0 ? '' : `?${new URLSearchParams(present)}`;
}

/** Nobody said where the service is. */
export function noAddress(flag: string, variable: string): Failure {
  return new Failure(EXIT.usage, 'No address of the service is known', {
    remedy: `Give ${flag} or ${variable}, or run this where a local runtime (npm start) runs.`,
  });
}

/** Nobody gave a token. */
export function noToken(): Failure {
  return new Failure(EXIT.usage, 'No token is known', {
    remedy: 'Give TRUEUP_TOKEN (or --token, which other users of the machine can see).',
  });
}
