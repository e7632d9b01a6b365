import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { ADDRESS_FORMS, BROKEN_ADDRESSES, INNER_ADDRESSES } from '@trueup/testing';
import { Agent, buildConnector, type Dispatcher } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Circuit } from './circuit.js';
import { HostGuard, publicLookup, type Resolve } from './host-guard.js';
import { LocalBudget } from './local-budget.js';
import { PsaClient } from './psa-client.js';

const NAME = 'webservices5.autotask.net';
let listener: Server;
let port: number;
let connections = 0;
const closing: { stop(): Promise<void> }[] = [];

/** The guard that nobody must have: every address is called, and what is not here is found at the listener. */
class NoGuard extends HostGuard {
  readonly #anywhere: Agent;

  constructor(isRouted: boolean) {
    super({ hosts: [], testHosts: [] });
    const toListener = buildConnector({});
    const connectAll: buildConnector.connector = (options, done) =>
      toListener({ ...options, hostname: '127.0.0.1', port: String(port) }, done);
    this.#anywhere = new Agent({ keepAliveTimeout: 1, ...(isRouted && { connect: connectAll }) });
    closing.push({ stop: () => this.#anywhere.destroy() });
  }

  override dispatcherFor(): Dispatcher {
    return this.#anywhere;
  }
}

beforeAll(async () => {
  listener = createServer((_request, response) => response.end('{"stolen":true}'));
  listener.on('connection', () => (connections += 1));
  await new Promise<void>((resolve) => listener.listen(0, '0.0.0.0', resolve));
  port = (listener.address() as AddressInfo).port;
});
beforeEach(() => void (connections = 0));
afterAll(async () => {
  for (const part of closing) await part.stop();
  listener.closeAllConnections();
  listener.close();
});

/** The guard of a connector whose manifest names the host of every form, so that the list of hosts alone does not decide. */
function guarded(resolve?: Resolve): HostGuard {
  const hosts = ['*.autotask.net', NAME, 'localhost', '127.0.0.1', '0.0.0.0', '::1'];
  const guard = new HostGuard({ hosts, testHosts: [], ...(resolve && { resolve }) });
  closing.push(guard);
  return guard;
}

/** Asks as a connector asks for the address of a setting; answers how that ended. */
async function outcomeOf(guard: HostGuard, url: string): Promise<string> {
  const budget = new LocalBudget({ limits: [], concurrency: 9, share: 1, nowMs: () => performance.now() });
  const parts = { connectionId: 'con_1', guard, budget, circuit: new Circuit(), now: () => new Date() };
  const client = new PsaClient({ ...parts, readTimeoutMs: 3_000, writeTimeoutMs: 3_000 });
  try {
    return (await client.lookUp(url)).answer.text;
  } catch (error) {
    return (error as { fault?: string }).fault ?? String(error);
  }
}

const resolving =
  (...answers: (string | Error)[]): Resolve =>
  (_host, _options, done) => {
    const answer = answers.length > 1 ? answers.shift()! : answers[0]!;
    if (answer instanceof Error) done(answer, []);
    else done(null, [{ address: answer, family: answer.includes(':') ? 6 : 4 }]);
  };

/** As it stands, and as somebody would write it who knows that https and the standard port are asked for. */
const variantsOf = (url: string): string[] => {
  const plain = url.replace('{port}', String(port));
  return [plain, plain.replace(/^(\s*)h\n?ttp/i, '$1https'), url.replace(':{port}', '').replace(/^(\s*)h\n?ttp/i, '$1https')];
};

describe('an address of our own network', () => {
  it.each(ADDRESS_FORMS)('is called when nothing guards it: $what', async ({ url, isLoopback }) => {
    expect(await outcomeOf(new NoGuard(!isLoopback), url.replace('{port}', String(port)))).toBe('{"stolen":true}');
    expect(connections).toBe(1);
  });

  it.each(ADDRESS_FORMS)('is never called behind the guard: $what', async ({ url }) => {
    const guard = guarded(resolving('127.0.0.1'));
    for (const variant of variantsOf(url)) expect([variant, await outcomeOf(guard, variant)]).toEqual([variant, 'blocked']);
    expect(connections).toBe(0);
  });

  it.each(BROKEN_ADDRESSES)('is never called when it is no address: %j', async (url) => {
    expect(await outcomeOf(guarded(), url)).toBe('blocked');
    expect(connections).toBe(0);
  });

  it('is written in more than forty ways', () => {
    expect(new Set(ADDRESS_FORMS.map(({ url }) => url)).size).toBeGreaterThan(70);
  });
});

describe('a name of the PSA', () => {
  it.each(INNER_ADDRESSES)('is not called when it resolves to %s', async (address) => {
    expect(await outcomeOf(guarded(resolving(address)), `https://${NAME}/`)).toBe('blocked');
    expect(await outcomeOf(guarded(alsoResolving('9.9.9.9', address)), `https://${NAME}/`)).toBe('blocked');
  });

  it('is not called once its second answer is an inner address', async () => {
    const away = Object.assign(new Error('away'), { code: 'ENOTFOUND' });
    const guard = guarded(resolving(away, '127.0.0.1'));
    const ends = [await outcomeOf(guard, `https://${NAME}/`), await outcomeOf(guard, `https://${NAME}/`)];
    expect(ends).toEqual(['unreachable', 'blocked']);
  });

  it('is asked for once for each connection, which goes to the very address that was checked', async () => {
    const server = createTcpServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    let questions = 0;
    const lookup = publicLookup((...question) => {
      questions += 1;
      resolving('9.9.9.9')(...question);
    });
    const checked = await new Promise((resolve) => lookup(NAME, {}, (_error, address, family) => resolve([address, family])));
    expect([checked, questions]).toEqual([['9.9.9.9', 4], 1]);
    const refused = await new Promise<NodeJS.ErrnoException>((resolve) =>
      connect({
        host: NAME,
        port: (server.address() as AddressInfo).port,
        lookup: publicLookup(resolving('127.0.0.1')) as never,
      }).on('error', resolve),
    );
    server.close();
    expect(refused.code).toBe('EBLOCKED');
  });
});

describe('a redirect of a PSA that we trust', () => {
  const targets = ['http://127.0.0.1:{port}/', 'http://169.254.169.254/', '//127.0.0.1:{port}/', 'file:///etc/passwd'];
  const cases = [301, 302, 303, 307, 308].flatMap((status) => targets.map((target): [number, string] => [status, target]));

  it.each(cases)('%i to %s is not followed', async (status, target) => {
    const psa = createServer((_request, response) => {
      const location = target.replace('{port}', String(port));
      response.writeHead(status, { location, refresh: `0; url=${location}` }).end('moved');
    });
    await new Promise<void>((resolve) => psa.listen(0, '127.0.0.1', resolve));
    const own = `127.0.0.1:${(psa.address() as AddressInfo).port}`;
    const guard = new HostGuard({ hosts: [], testHosts: [own] });
    const answer = await outcomeOf(guard, `http://${own}/`);
    await guard.stop();
    psa.close();
    expect([answer, connections]).toEqual(['moved', 0]);
  });

  it('would be followed by a client that follows', async () => {
    const psa = createServer((_request, response) => response.writeHead(302, { location: `http://127.0.0.1:${port}/` }).end());
    await new Promise<void>((resolve) => psa.listen(0, '127.0.0.1', resolve));
    const answer = await fetch(`http://127.0.0.1:${(psa.address() as AddressInfo).port}/`);
    psa.close();
    expect([await answer.text(), connections]).toEqual(['{"stolen":true}', 1]);
  });
});

function alsoResolving(...addresses: string[]): Resolve {
  return (_host, _options, done) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
}
