import type { SqlRunner } from '../sql-runner.js';

/** Until when counters stand apart. */
export interface FoldBounds {
  /** Before it the partitions of an hour are one row. */
  byHourBefore: Date;
  /** Before it the hours of a day, and the processes of ingest, are one row. */
  byDayBefore: Date;
}

/**
 * Folds old counters, so that the tables grow by a row per tenant and day. Ingest's rows stay apart until they are folded by the day: a
 * process that could not write for a while writes its total of the hour anew.
 */
export async function foldCounts(db: SqlRunner, { byHourBefore, byDayBefore }: FoldBounds): Promise<void> {
  await db.query(
    `with old as (
       delete from billing.projected_events
       where (hour < $2 and (partition <> -1 or hour <> date_trunc('day', hour, 'UTC'))) or (hour < $1 and partition <> -1)
       returning tenant_id, date_trunc(case when hour < $2 then 'day' else 'hour' end, hour, 'UTC') as slot, applied, duplicates, quarantined)
     insert into billing.projected_events as p (tenant_id, hour, partition, applied, duplicates, quarantined)
     select tenant_id, slot, -1, sum(applied), sum(duplicates), sum(quarantined) from old group by tenant_id, slot
     on conflict (tenant_id, hour, partition) do update set applied = p.applied + excluded.applied,
       duplicates = p.duplicates + excluded.duplicates, quarantined = p.quarantined + excluded.quarantined`,
    [byHourBefore, byDayBefore],
  );
  await db.query(
    `with old as (
       delete from billing.accepted_events where hour < $1 and (instance <> '' or hour <> date_trunc('day', hour, 'UTC'))
       returning tenant_id, date_trunc('day', hour, 'UTC') as slot, accepted)
     insert into billing.accepted_events as a (tenant_id, hour, instance, accepted)
     select tenant_id, slot, '', sum(accepted) from old group by tenant_id, slot
     on conflict (tenant_id, hour, instance) do update set accepted = a.accepted + excluded.accepted`,
    [byDayBefore],
  );
}
