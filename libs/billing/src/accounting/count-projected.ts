import { storableText } from '../projection/quarantine.js';
import type { StoredEvents } from '../projection/store-events.js';
import type { SqlRunner } from '../sql-runner.js';
import { hourOf } from './hour-of.js';

/** A record that was set aside: the tenant that it claims, and when ingest took it, if it says so. */
export interface CountedAside {
  tenantId: string;
  recordedAt: string | undefined;
}

/** What one transaction made of a partition's records. */
export interface ProjectedBatch {
  partition: number;
  stored?: StoredEvents;
  /** Records that are no events, or cannot be applied. */
  aside: readonly CountedAside[];
  now: Date;
}

interface HourCount {
  tenantId: string;
  hour: Date;
  applied: number;
  duplicates: number;
  quarantined: number;
}

type Fate = 'applied' | 'duplicates' | 'quarantined';

/** Counts what became of records, in the transaction that did it: one statement, on rows of its partition alone. */
export async function countProjected(tx: SqlRunner, batch: ProjectedBatch): Promise<void> {
  const counts = [...tallyOf(batch).values()];
  if (counts.length > 0) await addCounts(tx, batch.partition, counts);
}

/** Adds to the counts of some hours; in key order, so that two transactions wait in one direction only. */
export async function addCounts(tx: SqlRunner, partition: number, counts: readonly HourCount[]): Promise<void> {
  await tx.query(
    `insert into billing.projected_events as p (tenant_id, hour, partition, applied, duplicates, quarantined)
     select r.tenant_id, r.hour, $1, r.applied, r.duplicates, r.quarantined
     from unnest($2::text[], $3::timestamptz[], $4::bigint[], $5::bigint[], $6::bigint[])
       as r(tenant_id, hour, applied, duplicates, quarantined)
     order by r.tenant_id collate "C", r.hour
     on conflict (tenant_id, hour, partition) do update set applied = p.applied + excluded.applied,
       duplicates = p.duplicates + excluded.duplicates, quarantined = p.quarantined + excluded.quarantined`,
    [
      partition,
      counts.map(({ tenantId }) => tenantId),
      counts.map(({ hour }) => hour),
      counts.map(({ applied }) => applied),
      counts.map(({ duplicates }) => duplicates),
      counts.map(({ quarantined }) => quarantined),
    ],
  );
}

function tallyOf({ stored, aside, now }: ProjectedBatch): Map<string, HourCount> {
  const tally = new Map<string, HourCount>();
  const count = (tenantId: string, recordedAt: string | undefined, fate: Fate): void => {
    const hour = hourOf(recordedAt, now);
    const key = `${hour.getTime()}/${tenantId}`;
    const known = tally.get(key) ?? { tenantId, hour, applied: 0, duplicates: 0, quarantined: 0 };
    known[fate] += 1;
    tally.set(key, known);
  };
  const { fresh = [], duplicates = [], conflicts = [] } = stored ?? {};
  for (const { slot, recordedAt } of fresh) count(slot.tenantId, recordedAt, 'applied');
  for (const { slot, recordedAt } of duplicates) count(slot.tenantId, recordedAt, 'duplicates');
  for (const { slot, recordedAt } of conflicts) count(storableText(slot.tenantId), recordedAt, 'quarantined');
  for (const { tenantId, recordedAt } of aside) count(storableText(tenantId), recordedAt, 'quarantined');
  return tally;
}
