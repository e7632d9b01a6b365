import { setTimeout as wait } from 'node:timers/promises';
import type { LoadedTenant } from '../fault.js';
import { type Runtime, until } from '@trueup/testing/product';

const SEEN_WITHIN_MS = 60_000;

interface Route {
  method: string;
  path: string;
  body?: unknown;
}

/** What a stranger's calls came to. */
export interface ProbeFindings {
  calls: number;
  /** Calls that named something of the first tenant and were not answered 404. */
  opened: string[];
  /** Answers that carried something only the first tenant has. */
  leaks: string[];
}

interface Ids {
  connection: string;
  line: string;
  agreementLine: string;
  run: string;
  token: string;
}

/** Calls by the second tenant's administrator for everything of the first, over and over. */
export class ForeignProbe {
  readonly findings: ProbeFindings = { calls: 0, opened: [], leaks: [] };
  readonly #stopping = new AbortController();
  readonly #done: Promise<void>;

  private constructor(
    private readonly runtime: Runtime,
    private readonly stranger: LoadedTenant,
    private readonly foreign: readonly Route[],
    private readonly lists: readonly Route[],
    private readonly marks: readonly string[],
  ) {
    this.#done = this.#run();
  }

  static async begin(runtime: Runtime, owner: LoadedTenant, stranger: LoadedTenant): Promise<ForeignProbe> {
    const ids = await idsOf(owner);
    const actors = owner.load.acknowledged.flatMap(({ actorid }) => (actorid === undefined ? [] : [actorid]));
    const marks = [...new Set([owner.msp.tenantId, ...Object.values(ids), ...actors])];
    return new ForeignProbe(runtime, stranger, routesOf(ids), await listsOf(runtime), marks);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      for (const route of this.foreign) await this.#ask(route, true);
      for (const route of this.lists) await this.#ask(route, false);
      await wait(50);
    }
  }

  async #ask({ method, path, body }: Route, isForeign: boolean): Promise<void> {
    const answer = await this.#fetch(method, path, body);
    if (answer === undefined) return;
    this.findings.calls += 1;
    // 503: a part that is down says so before it looks, which tells nothing of anybody.
    if (isForeign && answer.status !== 404 && answer.status < 500)
      this.findings.opened.push(`${method} ${path}: ${answer.status}`);
    const shown = this.marks.filter((mark) => !path.includes(mark) && answer.text.includes(mark));
    if (shown.length > 0) this.findings.leaks.push(`${method} ${path} shows ${shown.join(', ')}`);
  }

  async #fetch(method: string, path: string, body: unknown): Promise<{ status: number; text: string } | undefined> {
    const headers = { authorization: `Bearer ${this.stranger.msp.tokens.admin}`, 'content-type': 'application/json' };
    try {
      const answer = await fetch(`${this.runtime.endpoints.apiUrl}/v1${path}`, {
        method,
        headers,
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: answer.status, text: await answer.text() };
    } catch {
      return undefined; // the api is down, which may be the fault of the day
    }
  }
}

async function idsOf({ msp, scene }: LoadedTenant): Promise<Ids> {
  const first = async <T>(path: string): Promise<T> => {
    let found: T | undefined;
    await until(async () => {
      [found] = (await msp.api<{ data: T[] }>('GET', path)).data;
      return found !== undefined;
    }, SEEN_WITHIN_MS);
    if (found === undefined) throw new Error(`${path} is empty, so nothing of it can be tried`);
    return found;
  };
  const { id: token } = await msp.api<{ id: string }>('POST', '/tokens', {
    body: { label: 'tried by a stranger', scopes: ['billing:read'], reach: 'tenant' },
    expect: 201,
  });
  const { agreementLineKey } = await first<{ agreementLineKey: string }>(
    `/connections/${scene.connectionId}/agreement-lines?limit=1`,
  );
  const { lineKey } = await first<{ lineKey: string }>('/lines?limit=1');
  const { id: run } = await first<{ id: string }>('/runs');
  return { connection: scene.connectionId, line: lineKey, agreementLine: agreementLineKey, run, token };
}

/** Every way to name something of the first tenant, in order to read it or to change it. */
function routesOf({ connection, line, agreementLine, run, token }: Ids): Route[] {
  const ofConnection = `/connections/${connection}`;
  const ofLine = `${ofConnection}/agreement-lines/${agreementLine}`;
  const reads = [
    ofConnection,
    `${ofConnection}/agreement-lines`,
    `${ofConnection}/unmapped-lines`,
    `${ofLine}/explain`,
    `/lines/${line}`,
    `/lines/${line}/users`,
    `/lines/${line}/explain`,
    `/runs/${run}`,
    `/runs/${run}/log`,
    `/runs/${run}/log.csv`,
  ];
  return [
    ...reads.map((path) => ({ method: 'GET', path })),
    { method: 'PUT', path: `${ofConnection}/mode`, body: { mode: 'observe' } },
    { method: 'PATCH', path: ofConnection, body: { label: 'taken over' } },
    { method: 'PUT', path: `${ofConnection}/secrets`, body: { Secret: 'taken-over' } },
    { method: 'POST', path: `${ofConnection}/check` },
    { method: 'DELETE', path: ofConnection },
    { method: 'POST', path: `${ofLine}/resolve`, body: { choice: 'exclude', reason: 'taken over', from: '2026-01-01' } },
    { method: 'DELETE', path: `/tokens/${token}` },
  ];
}

/** Every reading route without a name in it: what the stranger may read is its own. */
async function listsOf({ endpoints }: Runtime): Promise<Route[]> {
  const answer = await fetch(`${endpoints.apiUrl}/v1/openapi.json`);
  const { paths } = (await answer.json()) as { paths: Record<string, { get?: unknown }> };
  return Object.entries(paths)
    .filter(([path, { get }]) => get !== undefined && !path.includes('{') && path.startsWith('/v1/'))
    .map(([path]) => ({ method: 'GET', path: path.slice('/v1'.length) }));
}
