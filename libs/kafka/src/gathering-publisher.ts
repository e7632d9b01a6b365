import { PublishRefused, type LogPublisher, type PublisherOptions } from './log-publisher.js';
import type { OutRecord } from './log-record.js';
import { placeRecord, type PlacedRecord } from './placed-record.js';
import { PublishTicket } from './publish-ticket.js';
import { RefusalWatch } from './refusal-watch.js';

/** Hands records over in order and resolves when the log has them. Never called again before it has settled. */
export type SendRecords = (records: readonly PlacedRecord[]) => Promise<void>;

interface Part {
  ticket: PublishTicket;
  records: PlacedRecord[];
  bytes: number;
}

/** Below the broker's 1 MiB for the records of one partition, even if a whole send goes to one. */
const MAX_SEND_BYTES = 900_000;
const DEFAULT_MAX_WAIT_MS = 10_000;
const DEFAULT_MAX_WAITING_RECORDS = 50_000;

/**
 * One send at a time; what arrives meanwhile is gathered into the next. Several sends in flight on one client
 * reorder a partition, and one send per caller would waste a round trip each.
 */
export class GatheringPublisher implements LogPublisher {
  private waiting: Part[] = [];
  private waitingRecords = 0;
  private draining: Promise<void> | null = null;
  private isStopped = false;
  private readonly refusals = new RefusalWatch();

  constructor(
    private readonly send: SendRecords,
    private readonly disconnect: () => Promise<void>,
    private readonly options: PublisherOptions = {},
  ) {}

  async publish(topic: string, records: readonly OutRecord[]): Promise<void> {
    if (records.length === 0) return;
    if (this.isStopped) throw new PublishRefused('stopped');
    const limit = this.options.maxWaitingRecords ?? DEFAULT_MAX_WAITING_RECORDS;
    if (this.waitingRecords > 0 && this.waitingRecords + records.length > limit) throw new PublishRefused('queue-full');
    const slices = slicesOf(records.map((record) => placeRecord(topic, record)));
    const ticket = new PublishTicket(slices.length, this.options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS);
    for (const slice of slices) this.waiting.push({ ticket, records: slice, bytes: sizeOf(slice) });
    this.waitingRecords += records.length;
    this.draining ??= this.drain();
    await ticket.answer;
  }

  refusingMs(): number {
    return this.refusals.refusingMs();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.draining;
    await this.disconnect();
  }

  private async drain(): Promise<void> {
    // A turn of the event loop first: requests that arrived together share the send.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.waiting.length > 0) await this.sendNext(this.gather());
    this.draining = null;
  }

  private gather(): Part[] {
    let bytes = 0;
    const end = this.waiting.findIndex((part, index) => (bytes += part.bytes) > MAX_SEND_BYTES && index > 0);
    const parts = this.waiting.splice(0, end === -1 ? this.waiting.length : end);
    for (const part of parts) this.waitingRecords -= part.records.length;
    // Whoever has been told "timeout" must not see the records appear because of a send that began later.
    return parts.filter((part) => !part.ticket.isSettled);
  }

  private async sendNext(parts: Part[]): Promise<void> {
    if (parts.length === 0) return;
    try {
      await this.send(parts.flatMap((part) => part.records));
      this.refusals.acknowledged();
      for (const part of parts) part.ticket.partSent();
    } catch (error) {
      this.refusals.refused();
      // The callers decide what a refusal means; the publisher goes on with the next send.
      for (const part of parts) part.ticket.refuse(new PublishRefused('broker', { cause: error }));
    }
  }
}

function sizeOf(records: readonly PlacedRecord[]): number {
  return records.reduce((sum, record) => sum + record.bytes, 0);
}

function slicesOf(records: PlacedRecord[]): PlacedRecord[][] {
  if (sizeOf(records) <= MAX_SEND_BYTES) return [records];
  const slices: PlacedRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    if (record.bytes > MAX_SEND_BYTES) throw new PublishRefused('too-large');
    bytes += record.bytes;
    if (bytes > MAX_SEND_BYTES) {
      slices.push([]);
      bytes = record.bytes;
    }
    slices.at(-1)!.push(record);
  }
  return slices;
}
