import { lookup as resolve, type LookupAddress, type LookupAllOptions, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import { Agent, type Dispatcher } from 'undici';
import { isPublicAddress } from './public-address.js';

const CONNECT_TIMEOUT_MS = 10_000;

/** An address that must not be called. Nothing was sent. */
export class HostBlocked extends Error {
  readonly code = 'EBLOCKED';
}

export interface HostGuardOptions {
  /** Host names, or `*.domain`, that the manifest names. */
  hosts: readonly string[];
  /** Hosts or host:port that the operator lists for tests; http and private addresses are fine there. */
  testHosts: readonly string[];
  /** Answers for names. Default: the system's resolver. */
  resolve?: Resolve;
}

/** Hands over every address of a name. */
export type Resolve = (
  host: string,
  options: LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** Decides which addresses may be called, and makes the connection to the very address that was checked. */
export class HostGuard {
  readonly #public: Agent;
  readonly #test = agentWith();

  constructor(private readonly options: HostGuardOptions) {
    this.#public = agentWith(publicLookup(options.resolve ?? resolve));
  }

  /** The dispatcher for a URL. Throws HostBlocked with the reason. */
  dispatcherFor(url: URL): Dispatcher {
    if (url.username !== '' || url.password !== '') throw new HostBlocked('An address must not carry credentials');
    if (this.isTestHost(url)) return this.#test;
    if (url.protocol !== 'https:') throw new HostBlocked(`${url.protocol}//${url.host} is not https`);
    if (isIP(bareHost(url)) !== 0) throw new HostBlocked(`${url.host} is an address, not a name`);
    if (url.port !== '') throw new HostBlocked(`${url.host} names a port`);
    if (!this.options.hosts.some((pattern) => isHostOf(pattern, bareHost(url)))) {
      throw new HostBlocked(`${url.host} is none of this PSA's hosts`);
    }
    return this.#public;
  }

  /** Whether the operator lists the host of this URL for tests. */
  isTestHost(url: URL): boolean {
    const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    return isWeb && this.options.testHosts.some((host) => host === url.hostname || host === `${url.hostname}:${port}`);
  }

  async stop(): Promise<void> {
    await Promise.all([this.#public.destroy(), this.#test.destroy()]);
  }
}

type LookupCallback = (error: Error | null, address: string | LookupAddress[], family?: number) => void;
type Lookup = (host: string, options: LookupOptions, done: LookupCallback) => void;

function agentWith(lookup?: Lookup): Agent {
  return new Agent({
    connect: { timeout: CONNECT_TIMEOUT_MS, ...(lookup !== undefined && { lookup: lookup as never }) },
    pipelining: 1,
    maxResponseSize: 32 * 1024 * 1024,
  });
}

/**
 * Resolves, refuses when any address is not public, and hands on only what it checked: asked once for each connection, so that a name
 * cannot change between check and use.
 */
export function publicLookup(ask: Resolve): Lookup {
  return (host, options, done) =>
    ask(host, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return done(error, []);
      const hidden = addresses.find(({ address }) => !isPublicAddress(address));
      if (hidden !== undefined) return done(new HostBlocked(`${host} resolves to ${hidden.address}`), []);
      const [first] = addresses;
      if (options.all === true || first === undefined) return done(null, addresses);
      return done(null, first.address, first.family);
    });
}

function isHostOf(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');
}
