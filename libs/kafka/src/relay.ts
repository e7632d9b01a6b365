import type { LinkLogger } from './link-logger.js';
import type { LogPublisher } from './log-publisher.js';
import type { OutRecord } from './log-record.js';
import { WakeableRest } from './wakeable-rest.js';

/** An outbox row as the relay needs it. */
export interface RelayRow extends OutRecord {
  topic: string;
}

/** The outbox as the relay drives it: one pass = one transaction that reads rows in (shard, id) order, publishes and deletes them; answers their number. */
export interface RelayOutbox {
  passShards(publish: (rows: readonly RelayRow[]) => Promise<void>, limit?: number): Promise<number>;
}

export interface RelayOptions {
  outbox: RelayOutbox;
  publisher: LogPublisher;
  logger: LinkLogger;
  /** How long to rest when the outbox was empty and nobody called wake. Default 150. */
  pollMs?: number;
  /** Rows per pass. Default 1,000. */
  limit?: number;
}

/** A running relay. */
export interface Relay {
  /** Rows have been committed: pass at once. */
  wake(): void;
  /** Finishes the pass under way. */
  stop(): Promise<void>;
}

const DEFAULT_POLL_MS = 150;
const DEFAULT_LIMIT = 1_000;
const LONGEST_BACKOFF_MS = 5_000;

/** Moves outbox rows to the log until stopped. An error (log or database away) is logged and tried again after a growing rest. */
export function startRelay(options: RelayOptions): Relay {
  const sleeper = new WakeableRest();
  let isStopped = false;
  const loop = passUntil(options, sleeper, () => isStopped);
  return {
    wake: () => sleeper.wake(),
    stop: () => {
      isStopped = true;
      sleeper.wake();
      return loop;
    },
  };
}

async function passUntil(options: RelayOptions, sleeper: WakeableRest, isStopped: () => boolean): Promise<void> {
  const { pollMs = DEFAULT_POLL_MS, logger } = options;
  let failures = 0;
  while (!isStopped()) {
    try {
      const moved = await pass(options);
      failures = 0;
      if (moved === 0) await sleeper.rest(pollMs);
    } catch (error) {
      const restMs = Math.min(pollMs * 2 ** failures, LONGEST_BACKOFF_MS);
      failures += 1;
      logger.warn({ err: error, restMs }, 'outbox pass failed, tried again later');
      await sleeper.rest(restMs);
    }
  }
}

function pass({ outbox, publisher, limit = DEFAULT_LIMIT }: RelayOptions): Promise<number> {
  return outbox.passShards((rows) => publishRows(publisher, rows), limit);
}

/** All topics are handed over at once: within a topic, and so within a partition, the rows keep their order. */
async function publishRows(publisher: LogPublisher, rows: readonly RelayRow[]): Promise<void> {
  const byTopic = Map.groupBy(rows, (row) => row.topic);
  await Promise.all([...byTopic].map(([topic, records]) => publisher.publish(topic, records)));
}
