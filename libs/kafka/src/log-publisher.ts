import type { OutRecord } from './log-record.js';

/** Writes records. Order per partition is the order of the calls. */
export interface LogPublisher {
  /**
   * Resolves once all in-sync replicas have the records. One send is in flight at a time; what arrives meanwhile is
   * gathered into the next. Throws PublishRefused when it did not happen in time: the records may appear later all the same.
   */
  publish(topic: string, records: readonly OutRecord[]): Promise<void>;
  /** For how long the log has refused everything, in milliseconds; 0 when it last took what it was given, or nobody has tried for 30 s. */
  refusingMs(): number;
  /** Waits for what was handed over, then disconnects. */
  stop(): Promise<void>;
}

export interface PublisherOptions {
  /** Upper bound of one publish, from the call to its answer. Default 10,000. */
  maxWaitMs?: number;
  /** Records that may wait for the next send; beyond it publish is refused at once. Default 50,000. */
  maxWaitingRecords?: number;
  /** Default "none". */
  compression?: 'none' | 'gzip';
}

/** The log did not take the records within the bound. `reason` is fixed text, `cause` what the client said. */
export class PublishRefused extends Error {
  override readonly name = 'PublishRefused';
  constructor(
    readonly reason: 'timeout' | 'queue-full' | 'broker' | 'too-large' | 'stopped',
    options?: ErrorOptions,
  ) {
    super(`the log did not take the records: ${reason}`, options);
  }
}
