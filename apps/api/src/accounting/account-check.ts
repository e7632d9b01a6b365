import {
  type EventBalance,
  foldCounts,
  noteDifferences,
  readEventBalances,
  readDifferences,
  recountQuarantined,
  recountStored,
  writeCheckResults,
} from '@trueup/billing';
import type { DataSource, EntityManager } from 'typeorm';
import { miscounts, missingEvents, type Unexplained } from './event-account.js';
import { readAccounts, type TenantAccount } from './read-accounts.js';
import { hourStart, type TimeScale, timeScaleAt } from './time-scale.js';

const HOUR_MS = 3_600_000;
/** Old hours that did not agree and are looked at in each check. */
const MOST_AGAIN = 24;
const LOCK = [0x7472, 0x6163] as const;

/** What a check found, by identity: of all tenants together. */
export type CheckFindings = Record<keyof ReturnType<typeof findingsOf>, number>;

interface Span {
  from: Date;
  to: Date;
}

/**
 * Compares both ends of the accounting identity for all tenants. One process at a time does it; what it says is stored, so that every
 * replica shows the same.
 */
export class AccountCheck {
  /** Older hours are recounted one after the other, from here backwards. */
  private recountedFrom: Date | null = null;

  constructor(private readonly db: DataSource) {}

  /** One check; null when another process is at it. */
  async run(now: Date): Promise<CheckFindings | null> {
    const scale = timeScaleAt(now);
    const findings = await this.db.transaction('REPEATABLE READ', async (tx) => {
      if (!(await isFirst(tx))) return null;
      await this.compareEvents(tx, scale);
      const accounts = await readAccounts(tx, now);
      await writeCheckResults(
        tx,
        accounts.flatMap((account) => resultsOf(account, now)),
      );
      return sumOf(accounts);
    });
    if (findings) await foldCounts(this.db, scale);
    return findings;
  }

  private async compareEvents(tx: EntityManager, scale: TimeScale): Promise<void> {
    const { now, slotOf, byDayBefore } = scale;
    const balances = await readEventBalances(tx, { byDayBefore });
    await noteDifferences(tx, 'events', missingEvents(balances), { now, slotOf });
    const quarantined = balances.map(({ quarantined: count, ...slot }) => ({ ...slot, count }));
    await noteDifferences(tx, 'quarantined', miscounts(quarantined, await recountQuarantined(tx, { byDayBefore })), {
      now,
      slotOf,
    });
    const open = (await readDifferences(tx)).filter(({ identity }) => identity === 'stored').map(({ hour }) => hour);
    for (const span of this.spansOf(balances, open, scale)) {
      const applied = balances.filter(({ hour }) => hour >= span.from && hour < span.to);
      const counted = applied.map(({ applied: count, ...slot }) => ({ ...slot, count }));
      const found = miscounts(counted, await recountStored(tx, { byDayBefore, ...span }));
      await noteDifferences(tx, 'stored', found, { now, slotOf, spans: [span] });
    }
  }

  /**
   * The hours in which something moves, those that did not agree, and one older slot in turn: so everything is recounted now and then, and
   * never all at once.
   */
  private spansOf(balances: readonly EventBalance[], open: readonly Date[], { now, slotOf, endOf }: TimeScale): Span[] {
    const thisHour = hourStart(now);
    const recent = { from: new Date(thisHour.getTime() - HOUR_MS), to: new Date(thisHour.getTime() + 2 * HOUR_MS) };
    const older = balances.map(({ hour }) => hour).filter((hour) => hour < recent.from);
    const next = older.findLast((hour) => this.recountedFrom === null || hour < this.recountedFrom) ?? older.at(-1) ?? null;
    this.recountedFrom = next;
    const again = open.filter((hour) => hour < recent.from || hour >= recent.to).slice(0, MOST_AGAIN);
    const slots = new Set([...again, ...(next === null ? [] : [next])].map((hour) => slotOf(hour).getTime()));
    return [recent, ...[...slots].map((ms) => ({ from: new Date(ms), to: endOf(new Date(ms)) }))];
  }
}

async function isFirst(tx: EntityManager): Promise<boolean> {
  const [row] = await tx.query<{ locked: boolean }[]>('select pg_try_advisory_xact_lock($1::int, $2::int) as locked', [...LOCK]);
  return row!.locked;
}

function findingsOf({ events, lines, quantities }: TenantAccount) {
  return { events: events.events, stored: events.stored, lines: lines.lines, quantities: quantities.quantities };
}

function resultsOf(account: TenantAccount, checkedAt: Date) {
  const { tenantId } = account;
  return Object.entries(findingsOf(account)).map(([identity, { count, since }]: [string, Unexplained]) => ({
    ...{ tenantId, identity, checkedAt },
    unexplained: count,
    oldestSince: since,
  }));
}

function sumOf(accounts: readonly TenantAccount[]): CheckFindings {
  const sum: CheckFindings = { events: 0, stored: 0, lines: 0, quantities: 0 };
  for (const findings of accounts.map(findingsOf)) {
    for (const identity of Object.keys(sum) as (keyof CheckFindings)[]) sum[identity] += findings[identity].count;
  }
  return sum;
}
