import type { SqlRunner } from '../sql-runner.js';

/** Both ends of the identity for the events that ingest took in one hour, or, long ago, on one day. */
export interface EventBalance {
  tenantId: string;
  /** Start of the hour, or of the day in UTC. */
  hour: Date;
  accepted: number;
  applied: number;
  duplicates: number;
  quarantined: number;
}

/** What the store itself holds of the events of an hour. */
export interface EventRecount {
  tenantId: string;
  hour: Date;
  stored: number;
}

/** Whose events; absent: every tenant's. `byDayBefore`: the instant before which a whole day stands together. */
export interface BalanceQuery {
  tenantId?: string;
  byDayBefore: Date;
}

type Texts<T> = { [K in keyof T]: T[K] extends number ? string : T[K] };

/** Hours once, days long after: counters older than that are kept by the day. */
const slotOf = (column: string): string =>
  `case when ${column} < $1 then date_trunc('day', ${column}, 'UTC') else date_trunc('hour', ${column}, 'UTC') end`;

/** What was accepted and what became of it, by tenant and hour, oldest first. */
export async function readEventBalances(db: SqlRunner, { tenantId, byDayBefore }: BalanceQuery): Promise<EventBalance[]> {
  const rows = await db.query<Texts<EventBalance>[]>(
    `with a as (
       select tenant_id, ${slotOf('hour')} as slot, sum(accepted) as accepted from billing.accepted_events
       where $2::text is null or tenant_id = $2 group by 1, 2
     ), p as (
       select tenant_id, ${slotOf('hour')} as slot, sum(applied) as applied, sum(duplicates) as duplicates, sum(quarantined) as quarantined
       from billing.projected_events where $2::text is null or tenant_id = $2 group by 1, 2)
     select tenant_id as "tenantId", slot as hour, coalesce(a.accepted, 0) as accepted, coalesce(p.applied, 0) as applied,
       coalesce(p.duplicates, 0) as duplicates, coalesce(p.quarantined, 0) as quarantined
     from a full join p using (tenant_id, slot) order by slot, tenant_id`,
    [byDayBefore, tenantId ?? null],
  );
  return rows.map(({ accepted, applied, duplicates, quarantined, ...slot }) => ({
    ...slot,
    accepted: Number(accepted),
    applied: Number(applied),
    duplicates: Number(duplicates),
    quarantined: Number(quarantined),
  }));
}

/** Counts the stored events that ingest took in [from, to), by tenant and hour: what counters say, checked against the rows themselves. */
export function recountStored(
  db: SqlRunner,
  { tenantId, byDayBefore, from, to }: BalanceQuery & { from: Date; to: Date },
): Promise<EventRecount[]> {
  return recount(
    db,
    `select tenant_id as "tenantId", ${slotOf('recorded_at')} as hour, count(*) as stored from billing.event
     where ($2::text is null or tenant_id = $2) and recorded_at >= $3 and recorded_at < $4 group by 1, 2`,
    [byDayBefore, tenantId ?? null, from, to],
  );
}

/** Counts the records in quarantine that were not let out, by tenant and hour. */
export function recountQuarantined(db: SqlRunner, { tenantId, byDayBefore }: BalanceQuery): Promise<EventRecount[]> {
  return recount(
    db,
    `select tenant_id as "tenantId", ${slotOf('coalesce(counted_at, quarantined_at)')} as hour, count(*) as stored from billing.quarantine
     where ($2::text is null or tenant_id = $2) and state <> 'released' group by 1, 2`,
    [byDayBefore, tenantId ?? null],
  );
}

async function recount(db: SqlRunner, sql: string, parameters: unknown[]): Promise<EventRecount[]> {
  const rows = await db.query<Texts<EventRecount>[]>(sql, parameters);
  return rows.map(({ stored, ...slot }) => ({ ...slot, stored: Number(stored) }));
}
