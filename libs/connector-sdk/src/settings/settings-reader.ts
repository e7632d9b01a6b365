import { isDeepStrictEqual } from 'node:util';
import { internalConnections, type InternalConnection } from '@trueup/contracts';
import type { Secret } from '@trueup/service';
import { request } from 'undici';
import { logCode, type CodedLogger } from '../run/log-code.js';
import type { SettingsSource } from './settings-source.js';

export interface SettingsReaderOptions {
  kind: string;
  apiUrl: string;
  serviceToken: Secret;
  /** Used where a connection has no secret of that name. Default none. */
  sharedSecrets?: Readonly<Record<string, string>>;
  logger: CodedLogger;
  /** Connections whose settings are new or changed since the last reading. */
  onChanged: (connections: readonly InternalConnection[]) => void;
  /** Every reading, for check requests. */
  onRead: (connections: readonly InternalConnection[]) => void;
}

const POLL_MS = 1_000;
const TIMEOUT_MS = 2_000;
const LEASE_MS = 5_000;

/** Reads the settings of this kind's connections every second. A reading holds for five seconds from the moment it was asked for. */
export class SettingsReader implements SettingsSource {
  #connections = new Map<string, InternalConnection>();
  #askedAtMs = Number.NEGATIVE_INFINITY;
  #isStopped = false;
  #isFailing = false;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(private readonly options: SettingsReaderOptions) {}

  find(connectionId: string): InternalConnection | undefined {
    return this.#connections.get(connectionId);
  }

  isFresh(): boolean {
    return performance.now() - this.#askedAtMs < LEASE_MS;
  }

  /** Reads at once instead of at the next turn; a reading under way is enough. */
  hurry(): void {
    if (this.#timer === undefined || this.#isStopped) return;
    clearTimeout(this.#timer);
    void this.#poll();
  }

  /** Resolves after the first try, whatever came of it: work waits for a reading, the process need not. */
  async start(): Promise<void> {
    await this.#poll();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#reading;
  }

  async #poll(): Promise<void> {
    this.#timer = undefined;
    this.#reading = this.#read();
    await this.#reading;
    if (!this.#isStopped) this.#timer = setTimeout(() => void this.#poll(), POLL_MS);
  }

  async #read(): Promise<void> {
    const askedAtMs = performance.now();
    try {
      const connections = await this.#ask();
      this.#askedAtMs = askedAtMs;
      this.#take(connections);
      if (this.#isFailing) this.options.logger.info('connection settings are read again');
      this.#isFailing = false;
    } catch (error) {
      // Without settings nothing is sent: the work waits until they can be read again.
      this.#tellOnce(error);
      this.#isFailing = true;
    }
  }

  #tellOnce(error: unknown): void {
    if (this.#isFailing) return;
    const { logger, kind } = this.options;
    logCode(logger, kind, 'SOURCE_UNREACHABLE', { err: error }, 'connection settings could not be read');
  }

  async #ask(): Promise<InternalConnection[]> {
    const { apiUrl, serviceToken } = this.options;
    const answer = await request(new URL('/internal/v1/connections', apiUrl), {
      headers: { authorization: `Bearer ${serviceToken.reveal()}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const body = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`the api answered ${answer.statusCode}`);
    const { connections } = internalConnections.parse(JSON.parse(body));
    return connections.map((each) => ({ ...each, secrets: { ...this.options.sharedSecrets, ...each.secrets } }));
  }

  #take(connections: readonly InternalConnection[]): void {
    const changed = connections.filter((each) => isChanged(this.#connections.get(each.id), each));
    this.#connections = new Map(connections.map((each) => [each.id, each]));
    if (changed.length > 0) this.options.onChanged(changed);
    this.options.onRead(connections);
  }
}

function isChanged(known: InternalConnection | undefined, now: InternalConnection): boolean {
  if (known === undefined || known.epoch !== now.epoch || known.state !== now.state || known.mode !== now.mode) return true;
  return !isDeepStrictEqual(known.settings, now.settings);
}
