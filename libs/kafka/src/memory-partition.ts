import type { LogRecord } from './log-record.js';

/** One partition in memory. */
export class MemoryPartition {
  readonly records: LogRecord[] = [];
  private waiters: (() => void)[] = [];

  get end(): bigint {
    return BigInt(this.records.length);
  }

  append(record: Omit<LogRecord, 'offset'>): void {
    this.records.push({ ...record, offset: this.end });
    this.wake();
  }

  /** Up to `limit` records from an offset on. */
  read(from: bigint, limit: number): LogRecord[] {
    return this.records.slice(Number(from), Number(from) + limit);
  }

  /** Resolves with the next append or wake-up. */
  changed(): Promise<void> {
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  wake(): void {
    const waiters = this.waiters;
    this.waiters = [];
    for (const wakeOne of waiters) wakeOne();
  }
}
