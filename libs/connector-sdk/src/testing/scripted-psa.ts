import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Step } from '@trueup/contracts';
import { raisedFrom } from '../connector/schedule.js';

/** What the next matching request meets. */
export type Fault =
  | 'cut-after-commit'
  | 'cut-before-commit'
  | 'error-500'
  | 'error-500-after-commit'
  | 'unauthorized'
  | 'refuse'
  | 'limit'
  | 'redirect';

interface Effect {
  id: string;
  date: string;
  delta: string;
}

/** A small delta PSA over real HTTP: lines with units by date, an effect ledger, and faults on demand. */
export class ScriptedPsa {
  readonly lines = new Map<string, Step[]>();
  readonly effects: Effect[] = [];
  readonly calls: string[] = [];
  readonly #server: Server;
  readonly #writeFaults: Fault[] = [];
  readonly #readFaults: Fault[] = [];
  #staleReads: { left: number; lines: Map<string, Step[]> } | undefined;
  /** Runs before the next write is executed: somebody else's edit. */
  beforeWrite: (() => void | Promise<void>) | undefined;

  constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this.url;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  failWrites(...faults: Fault[]): void {
    this.#writeFaults.push(...faults);
  }

  failReads(...faults: Fault[]): void {
    this.#readFaults.push(...faults);
  }

  /** The next `count` reads show what the lines hold now, whatever is written meanwhile. */
  staleReads(count: number): void {
    this.#staleReads = { left: count, lines: new Map(this.lines) };
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse((await textOf(request)) || '{}') as Record<string, unknown>;
    const isWrite = request.url === '/adjust';
    this.calls.push(isWrite ? 'write' : 'read');
    const fault = (isWrite ? this.#writeFaults : this.#readFaults).shift();
    if (fault !== undefined && !fault.endsWith('after-commit')) return this.#fail(fault, response);
    const answer = isWrite ? await this.#adjust(body as unknown as Effect) : this.#read(body as { ids: string[] });
    if (fault !== undefined) return this.#fail(fault, response);
    this.#answer(response, 200, answer);
  }

  async #adjust(effect: Effect): Promise<unknown> {
    const { beforeWrite } = this;
    this.beforeWrite = undefined;
    await beforeWrite?.();
    this.effects.push(effect);
    this.lines.set(effect.id, raisedFrom(this.lines.get(effect.id) ?? [], effect.date, effect.delta));
    return { done: true };
  }

  #read({ ids }: { ids: string[] }): unknown {
    const stale = this.#staleReads;
    const lines = stale !== undefined && stale.left > 0 ? stale.lines : this.lines;
    if (stale !== undefined) stale.left -= 1;
    return { lines: ids.map((id) => lines.get(id) ?? null) };
  }

  #fail(fault: Fault, response: ServerResponse): void {
    if (fault.startsWith('cut')) return void response.socket?.destroy();
    const statuses = { unauthorized: 401, refuse: 422, limit: 429, redirect: 302 } as const;
    const status = fault in statuses ? statuses[fault as keyof typeof statuses] : 500;
    if (fault === 'limit') response.setHeader('retry-after', '1');
    if (fault === 'redirect') response.setHeader('location', 'http://127.0.0.1:1/elsewhere');
    this.#answer(response, status, { message: fault });
  }

  #answer(response: ServerResponse, status: number, body: unknown): void {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
