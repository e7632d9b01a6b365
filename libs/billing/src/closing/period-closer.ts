import { inTransaction, staysOpen } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { type ClosingPeriod, closingPeriods } from './closing-period.js';
import { freezePeriod } from './freeze-period.js';

/** How far a partition of the event log is applied, and where it ends. */
export interface LogPosition {
  partition: number;
  next: bigint;
  end: bigint;
}

export interface PeriodCloserOptions {
  database: DataSource;
  now: () => Date;
  /** Every partition of the event log, fresh; none while the log cannot be read yet: then nothing closes. */
  positions: () => Promise<readonly LogPosition[]>;
}

/** What one pass came to. */
export interface ClosePass {
  closed: number;
  /** Line targets sent. */
  sent: number;
}

/**
 * Closes periods: grace, then everything that the log held at its end, then the freeze. The offsets are noted when the grace is over, so
 * that whatever was accepted before then counts. Any replica may go on where another stopped; one works on a period at a time.
 */
export class PeriodCloser {
  constructor(private readonly options: PeriodCloserOptions) {}

  /** Periods whose grace is over and that are not closed yet. */
  async underWay(): Promise<number> {
    return (await this.due()).length;
  }

  /** Takes every period that is due to its end, unless the log is not applied that far yet. */
  async pass(): Promise<ClosePass> {
    const pass = { closed: 0, sent: 0 };
    for (const { tenantId, period } of await this.due()) {
      const sent = await this.closeIfMine(tenantId, period.id);
      if (sent === null) continue;
      pass.closed++;
      pass.sent += sent;
    }
    return pass;
  }

  private async due(): Promise<ClosingPeriod[]> {
    const now = this.options.now().getTime();
    return (await closingPeriods(this.options.database)).filter(({ graceEndsMs }) => graceEndsMs <= now);
  }

  /** Lines sent, or null when the period waits, or another replica has it. */
  private closeIfMine(tenantId: string, periodId: string): Promise<number | null> {
    const { database, now } = this.options;
    return database.transaction(async (claim) => {
      await staysOpen(claim);
      const [lock] = await claim.query<{ isMine: boolean }[]>(
        `select pg_try_advisory_xact_lock(hashtextextended('billing.close ' || $1 || ' ' || $2, 0)) as "isMine"`,
        [tenantId, periodId],
      );
      if (!lock!.isMine) return null;
      const [closing] = await closingPeriods(claim, { tenantId, periodId });
      if (closing === undefined || !(await this.isApplied(closing))) return null;
      return freezePeriod(database, closing, now);
    });
  }

  private async isApplied(closing: ClosingPeriod): Promise<boolean> {
    const positions = await this.options.positions();
    if (positions.length === 0) return false;
    const awaited = closing.awaited ?? (await this.note(closing, positions));
    return awaited !== null && positions.every(({ partition, next }) => next >= BigInt(awaited[partition] ?? 0));
  }

  /** Notes where the log ends. Null, with nothing noted, when changed settings have laid the period anew meanwhile. */
  private async note({ tenantId, period }: ClosingPeriod, positions: readonly LogPosition[]): Promise<ClosingPeriod['awaited']> {
    const awaited = Object.fromEntries(positions.map(({ partition, end }) => [partition, String(end)]));
    const key = [tenantId, period.id];
    return inTransaction(this.options.database, async (tx) => {
      const [noted] = await tx.query<[unknown[], number]>(
        `update billing.period set awaited_offsets = $3::jsonb
         where tenant_id = $1 and id = $2::date and closing_since is not null returning 1`,
        [...key, JSON.stringify(awaited)],
      );
      if (noted.length === 0) return null;
      await tx.query(
        `insert into billing.snapshot (tenant_id, period_id, version, begun_at) values ($1, $2::date, 1, $3) on conflict do nothing`,
        [...key, this.options.now()],
      );
      return awaited;
    });
  }
}
