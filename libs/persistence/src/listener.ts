import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import type { DataSource } from 'typeorm';

/** The part of the product's logger that the listener needs. */
export interface ListenerLogger {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface ListenerOptions {
  /** Whose address and application name the connection uses; not taken from its pool. */
  database: DataSource;
  /** What to do when a transaction that notified the channel has committed; see commandChannel and outboxChannel. */
  wakes: Readonly<Record<string, () => void>>;
  logger: ListenerLogger;
}

const CONNECT_WITHIN_MS = 5_000;
const FIRST_REST_MS = 250;
const LONGEST_REST_MS = 5_000;

/**
 * One connection of the process that hears what commits. It only saves time: while it is away nothing is heard, so whoever it wakes must
 * look by itself now and then. After each connect everybody is woken once, for what was said meanwhile.
 */
export class Listener {
  private readonly stopping = new AbortController();
  private readonly running: Promise<void>;
  private failures = 0;

  constructor(private readonly options: ListenerOptions) {
    this.running = this.run();
  }

  stop(): Promise<void> {
    this.stopping.abort();
    return this.running;
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const error = await this.listen();
      if (this.stopping.signal.aborted) return;
      const restMs = Math.min(FIRST_REST_MS * 2 ** this.failures++, LONGEST_REST_MS);
      this.options.logger.warn(
        { err: error, restMs },
        'commits are not heard, connecting again; until then looking now and then',
      );
      await wait(restMs, undefined, { signal: this.stopping.signal }).catch(() => undefined); // stopping cuts the rest short
    }
  }

  /** Hears until the connection ends or the listener stops; answers why it ended. */
  private async listen(): Promise<unknown> {
    const client = clientLike(this.options.database);
    const ended = this.endOf(client);
    try {
      await client.connect();
      await this.subscribe(client);
      return await ended;
    } catch (error) {
      return error;
    } finally {
      await client.end().catch(() => undefined); // it is gone already: nothing to close
    }
  }

  private async subscribe(client: pg.Client): Promise<void> {
    const { wakes, logger } = this.options;
    client.on('notification', ({ channel }) => wakes[channel]?.());
    for (const channel of Object.keys(wakes)) await client.query(`listen ${pg.escapeIdentifier(channel)}`);
    if (this.failures > 0) logger.info({}, 'commits are heard again');
    this.failures = 0;
    for (const wake of Object.values(wakes)) wake();
  }

  private endOf(client: pg.Client): Promise<unknown> {
    return new Promise((resolve) => {
      client.on('error', resolve);
      client.on('end', () => resolve(new Error('the connection ended')));
      this.stopping.signal.addEventListener('abort', () => resolve(null), { once: true });
    });
  }
}

function clientLike({ options }: DataSource): pg.Client {
  if (options.type !== 'postgres') throw new TypeError('only Postgres tells of commits');
  return new pg.Client({
    connectionString: options.url!,
    application_name: `${options.applicationName} listener`,
    connectionTimeoutMillis: CONNECT_WITHIN_MS,
    keepAlive: true,
  });
}
