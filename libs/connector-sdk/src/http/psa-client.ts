import { setTimeout as wait } from 'node:timers/promises';
import type { Budget } from './budget.js';
import { countedCall } from './call-metrics.js';
import type { Circuit } from './circuit.js';
import { exchange, type Exchange } from './exchange.js';
import { HostGate } from './host-gate.js';
import type { HostGuard } from './host-guard.js';
import { classifyAnswer, NoAnswer, type AnswerClass, type HttpAnswer } from './http-answer.js';
import type { Session } from './psa.js';
import { RestWatch } from './rest-watch.js';
import { retryAfterMs } from './retry-after.js';
import { unsharedRest, type SharedRest } from './shared-rest.js';

/** An answer and what it means. */
export interface Judged {
  answer: HttpAnswer;
  meaning: AnswerClass;
}

/** The budget is used up for longer than a call is worth waiting for. Nothing was sent. */
export class BudgetSpent extends Error {
  constructor(readonly waitMs: number) {
    super('The budget of calls is used up');
    this.name = 'BudgetSpent';
  }
}

export interface PsaClientOptions {
  connectionId: string;
  guard: HostGuard;
  budget: Budget;
  circuit: Circuit;
  /** The breaker of the PSA's hosts, common to all connections. Default: one of its own. */
  gate?: HostGate;
  /** Default: nobody to tell. */
  rest?: SharedRest;
  classify?: (answer: HttpAnswer) => AnswerClass | undefined;
  readTimeoutMs: number;
  writeTimeoutMs: number;
  now: () => Date;
}

export interface Call {
  method: Exchange['method'];
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
  /** Asked at the last moment, after waiting for budget and place: false sends nothing. */
  mayStillSend?: () => boolean;
}

type Sending = Pick<Call, 'mayStillSend'> & { isWrite: boolean };

const LONGEST_BUDGET_WAIT_MS = 2_000;
const PLACE_WAIT_MS = 25;
const SHORT_PAUSE_MS = 2_000;

/** A call whose answer counts against the breaker; unwrapped again behind it. */
class Counted extends Error {
  constructor(readonly judged: Judged) {
    super('counted');
  }
}

/** One connection's way to its PSA: guard, budget, places, breaker, deadline. One call is one request. */
export class PsaClient {
  readonly #watch: RestWatch;

  constructor(private readonly options: PsaClientOptions) {
    const { connectionId, circuit, gate = new HostGate(), rest = unsharedRest } = options;
    this.#watch = new RestWatch({ connectionId, circuit, gate, rest });
  }

  /** Whether a write may be sent now. */
  get mayWrite(): boolean {
    return this.#watch.mayWrite;
  }

  /** Milliseconds for which the PSA is left alone. */
  get restLeftMs(): number {
    return this.#watch.leftMs;
  }

  read(session: Session, call: Call): Promise<Judged> {
    return this.#call(session, call, this.options.readTimeoutMs, false);
  }

  write(session: Session, call: Call): Promise<Judged> {
    if (!this.mayWrite) throw new NoAnswer('breaker-open', 'The breaker is not closed');
    return this.#call(session, call, this.options.writeTimeoutMs, true);
  }

  /** A GET outside the session, for `open`: without authentication headers. */
  lookUp(url: string): Promise<Judged> {
    return this.#send({ url: toUrl(url), method: 'GET', headers: {}, timeoutMs: this.options.readTimeoutMs }, 'open', {
      isWrite: false,
    });
  }

  #call(session: Session, call: Call, timeoutMs: number, isWrite: boolean): Promise<Judged> {
    const url = toUrl(`${session.baseUrl.replace(/\/+$/, '')}/${call.path.replace(/^\/+/, '')}`);
    const endpoint = call.path.replace(/^\/+/, '').split(/[/?]/, 1)[0]!.toLowerCase();
    const headers = { ...session.headers, ...call.headers };
    return this.#send({ url, method: call.method, body: call.body, headers, timeoutMs }, endpoint, { ...call, isWrite });
  }

  async #send(each: Exchange, endpoint: string, { isWrite, mayStillSend }: Sending): Promise<Judged> {
    this.#refuseBlocked(each.url);
    await this.#watch.refuseResting(each.url.host, isWrite);
    await this.#budgeted();
    const leave = await this.#place(endpoint, each.timeoutMs);
    try {
      if (mayStillSend?.() === false) throw new NoAnswer('withheld', 'The settings or the lease ran out while waiting');
      return await this.#watch.run(each.url.host, () => this.#judged(each, isWrite));
    } catch (error) {
      if (error instanceof Counted) return error.judged;
      throw error;
    } finally {
      await leave();
    }
  }

  /** A forbidden address is a mistake in the settings: the breaker has nothing to do with it. */
  #refuseBlocked(url: URL): void {
    try {
      this.options.guard.dispatcherFor(url);
    } catch (error) {
      throw new NoAnswer('blocked', error instanceof Error ? error.message : 'the address is not allowed');
    }
  }

  async #judged(each: Exchange, isWrite: boolean): Promise<Judged> {
    const { circuit, connectionId } = this.options;
    const judged = await countedCall(connectionId, isWrite ? 'write' : 'read', () => this.#exchanged(each));
    const { answer } = judged;
    if (judged.meaning === 'limited') await this.#pause(answer);
    // A limit does not count, but it must not close a circuit that is being probed either.
    if (judged.meaning === 'unknown' || (judged.meaning === 'limited' && circuit.isHalfOpen)) throw new Counted(judged);
    return judged;
  }

  async #exchanged(each: Exchange): Promise<Judged> {
    const { classify, guard } = this.options;
    const answer = await exchange(guard, each);
    return { answer, meaning: classify?.(answer) ?? classifyAnswer(answer) };
  }

  #pause(answer: HttpAnswer): Promise<void> {
    const { budget, connectionId, now } = this.options;
    const isTold = answer.status === 429 || answer.headers['retry-after'] !== undefined;
    return budget.pause(connectionId, isTold ? retryAfterMs(answer.headers['retry-after'], now()) : SHORT_PAUSE_MS);
  }

  async #budgeted(): Promise<void> {
    for (let waited = 0; ;) {
      const waitMs = await this.options.budget.take(this.options.connectionId);
      if (waitMs === 0) return;
      waited += waitMs;
      if (waited > LONGEST_BUDGET_WAIT_MS) throw new BudgetSpent(waitMs);
      await wait(waitMs);
    }
  }

  async #place(endpoint: string, timeoutMs: number): Promise<() => Promise<void>> {
    const { budget, connectionId } = this.options;
    const holdMs = timeoutMs + LONGEST_BUDGET_WAIT_MS + 5_000;
    for (let waited = 0; waited < timeoutMs; waited += PLACE_WAIT_MS) {
      const leave = await budget.enter(connectionId, endpoint, holdMs);
      if (leave !== undefined) return leave;
      await wait(PLACE_WAIT_MS);
    }
    throw new BudgetSpent(LONGEST_BUDGET_WAIT_MS);
  }
}

function toUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null) throw new NoAnswer('blocked', `${JSON.stringify(text)} is no address`);
  return url;
}
