import type { LogPublisher } from './log-publisher.js';
import type { OutRecord } from './log-record.js';

/** An outbox row as the relay needs it. */
export interface RelayRow extends OutRecord {
  topic: string;
}

/**
 * The outbox as the relay drives it: one pass = one transaction that reads rows in (shard, id) order, publishes and deletes them. Answers
 * their number; null when there are rows, but others are passing them.
 */
export interface RelayOutbox {
  passShards(publish: (rows: readonly RelayRow[]) => Promise<void>, limit?: number): Promise<number | null>;
}

export interface RelayOptions {
  outbox: RelayOutbox;
  publisher: LogPublisher;
  /** Rows per pass. Default 1,000. */
  limit?: number;
  /** Called between the acknowledgement of rows and their deletion, e.g. by a test of that gap. */
  onPublished?: () => void;
}

const DEFAULT_LIMIT = 1_000;

/**
 * What moves outbox rows to the log, for a loop to repeat: `busy` when rows were moved, `soon` when others are passing what waits, `idle`
 * when nothing does. Throws when log or database are away; the rows stay.
 */
export function relayPass({
  outbox,
  publisher,
  limit = DEFAULT_LIMIT,
  onPublished,
}: RelayOptions): () => Promise<'busy' | 'soon' | 'idle'> {
  const publish = async (rows: readonly RelayRow[]): Promise<void> => {
    await publishRows(publisher, rows);
    onPublished?.();
  };
  return async () => {
    const moved = await outbox.passShards(publish, limit);
    if (moved === null) return 'soon';
    return moved > 0 ? 'busy' : 'idle';
  };
}

/** All topics are handed over at once: within a topic, and so within a partition, the rows keep their order. */
async function publishRows(publisher: LogPublisher, rows: readonly RelayRow[]): Promise<void> {
  const byTopic = Map.groupBy(rows, (row) => row.topic);
  await Promise.all([...byTopic].map(([topic, records]) => publisher.publish(topic, records)));
}
