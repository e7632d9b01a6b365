import type { AcceptedEvents } from '@trueup/billing';
import type { Logger } from '@trueup/service';
import { within } from './within.js';

const HOUR_MS = 3_600_000;
const WRITE_EVERY_MS = 250;
/** An hour that ended so long ago gets no more events, whatever was under way. */
const KEPT_MS = 2 * HOUR_MS;
/** Longest wait for the last write at the stop. */
const LAST_WRITE_MS = 3_000;

interface Total extends AcceptedEvents {
  /** How many of them are stored. */
  written: number;
}

export interface AcceptedCountOptions {
  /** Stores totals; repeating it, with the same or higher totals, must be harmless. */
  write: (totals: readonly AcceptedEvents[]) => Promise<void>;
  now: () => Date;
  logger: Pick<Logger, 'info' | 'warn'>;
  /** How often it writes what is new. Default 250. */
  everyMs?: number;
}

/**
 * Counts what this process has acknowledged, per tenant and hour, off the path of requests: totals are kept in memory and written a few
 * times a second, and for as long as the database is away they wait. A process that dies has counted too little at most: its last
 * events show as unacknowledged in the reconciliation, never as lost.
 */
export class AcceptedCount {
  private readonly totals = new Map<string, Total>();
  private readonly timer: NodeJS.Timeout;
  private writing: Promise<void> | null = null;
  private isAway = false;

  constructor(private readonly options: AcceptedCountOptions) {
    this.timer = setInterval(() => void this.write(), options.everyMs ?? WRITE_EVERY_MS);
    this.timer.unref();
  }

  /** Events of a tenant are in the log, recorded at `at`. */
  add(tenantId: string, at: Date, events: number): void {
    if (events === 0) return;
    const hourMs = Math.floor(at.getTime() / HOUR_MS) * HOUR_MS;
    const key = `${hourMs}/${tenantId}`;
    const known = this.totals.get(key);
    if (known) known.accepted += events;
    else this.totals.set(key, { tenantId, hour: new Date(hourMs), accepted: events, written: 0 });
  }

  /** Events that are counted in memory alone. */
  get unwritten(): number {
    return this.news().reduce((sum, { accepted, written }) => sum + accepted - written, 0);
  }

  /** Writes what is new; one write at a time. A write that fails is tried again, with what came meanwhile. */
  write(): Promise<void> {
    this.writing ??= this.writeNews().finally(() => (this.writing = null));
    return this.writing;
  }

  /** Writes the last counts. What cannot be written in time is undercounted. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.writing;
    try {
      await within(LAST_WRITE_MS, this.write());
    } catch {
      // still under way: said below
    }
    const { unwritten } = this;
    if (unwritten > 0) this.options.logger.warn({ unwritten }, 'the last acknowledged events are not counted');
  }

  private async writeNews(): Promise<void> {
    const news = this.news().map((total) => ({ total, accepted: total.accepted }));
    if (news.length > 0 && !(await this.hasWritten(news.map(({ total }) => ({ ...total }))))) return;
    for (const { total, accepted } of news) total.written = accepted;
    this.forget();
  }

  private async hasWritten(totals: readonly AcceptedEvents[]): Promise<boolean> {
    const { write, logger } = this.options;
    try {
      await write(totals);
      if (this.isAway) logger.info({ hours: totals.length }, 'acknowledged events are counted again');
      this.isAway = false;
    } catch (error) {
      if (!this.isAway) logger.warn({ err: error }, 'acknowledged events cannot be counted at the moment; the counts are kept');
      this.isAway = true;
    }
    return !this.isAway;
  }

  private news(): Total[] {
    return [...this.totals.values()].filter(({ accepted, written }) => accepted > written);
  }

  private forget(): void {
    const oldestMs = this.options.now().getTime() - KEPT_MS;
    for (const [key, { hour, accepted, written }] of this.totals) {
      if (accepted === written && hour.getTime() < oldestMs) this.totals.delete(key);
    }
  }
}
