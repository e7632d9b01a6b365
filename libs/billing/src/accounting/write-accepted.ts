import type { SqlRunner } from '../sql-runner.js';

/** What one process of ingest acknowledged of a tenant's events in an hour, in all so far. */
export interface AcceptedEvents {
  tenantId: string;
  /** The start of the hour of `recordedAt`. */
  hour: Date;
  accepted: number;
}

/**
 * Stores totals of one process; `instance` names it for good. Totals only rise, so that writing them again, or late, changes nothing.
 */
export async function writeAccepted(db: SqlRunner, instance: string, totals: readonly AcceptedEvents[]): Promise<void> {
  if (totals.length === 0) return;
  await db.query(
    `insert into billing.accepted_events as a (tenant_id, hour, instance, accepted)
     select r.tenant_id, r.hour, $1, r.accepted from unnest($2::text[], $3::timestamptz[], $4::bigint[]) as r(tenant_id, hour, accepted)
     order by r.tenant_id collate "C", r.hour
     on conflict (tenant_id, hour, instance) do update set accepted = greatest(a.accepted, excluded.accepted)`,
    [instance, totals.map(({ tenantId }) => tenantId), totals.map(({ hour }) => hour), totals.map(({ accepted }) => accepted)],
  );
}
