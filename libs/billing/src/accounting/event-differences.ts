import type { SqlRunner } from '../sql-runner.js';

/**
 * `events`: accepted and not accounted for; `stored`: counted as applied and not in the event store, or the other way round;
 * `quarantined`: the same for the quarantine.
 */
export type CountedIdentity = 'events' | 'stored' | 'quarantined';

/** A difference as one look finds it. */
export interface FoundDifference {
  tenantId: string;
  hour: Date;
  /** How many events do not agree; above 0. */
  size: number;
  /** How many are accounted for by now, and how many must be before this difference has ended; 0 where nothing grows. */
  reached: number;
  upto: number;
}

/** A difference under watch. `since`: the look that saw it first. */
export interface OpenDifference extends Omit<FoundDifference, 'reached'> {
  identity: CountedIdentity;
  since: Date;
}

/** Which hours a look was about; absent: all of them. */
export interface LookedAt {
  now: Date;
  spans?: readonly { from: Date; to: Date }[];
  /** Whether two instants stand together: hours do that once, days long after. */
  slotOf: (hour: Date) => Date;
}

/** Differences under watch, of one tenant or of all. */
export async function readDifferences(db: SqlRunner, tenantId?: string): Promise<OpenDifference[]> {
  const rows = await db.query<(Omit<OpenDifference, 'size' | 'upto'> & { size: string; upto: string })[]>(
    `select tenant_id as "tenantId", identity, hour, since, size, upto from billing.accounting_difference
     where $1::text is null or tenant_id = $1 order by hour, tenant_id`,
    [tenantId ?? null],
  );
  return rows.map((row) => ({ ...row, size: Number(row.size), upto: Number(row.upto) }));
}

/**
 * What a look makes of the differences known before: one that got smaller than what it waited for is over, and what is missing by now has
 * been missing since this look. So a stream that flows never looks like one that stands.
 */
export function watched(
  identity: CountedIdentity,
  found: readonly FoundDifference[],
  known: readonly OpenDifference[],
  { now, slotOf }: Omit<LookedAt, 'spans'>,
): OpenDifference[] {
  const keyOf = (one: { tenantId: string; hour: Date }): string => `${slotOf(one.hour).getTime()}/${one.tenantId}`;
  const before = Map.groupBy(
    known.filter((one) => one.identity === identity),
    keyOf,
  );
  return found.map(({ reached, ...difference }) => {
    const waiting = (before.get(keyOf(difference)) ?? []).filter(({ upto }) => upto === 0 || reached < upto);
    const oldest = waiting.sort((a, b) => a.since.getTime() - b.since.getTime())[0];
    return oldest ? { ...difference, identity, since: oldest.since, upto: oldest.upto } : { ...difference, identity, since: now };
  });
}

/** Stores what a look found in place of what was known about the hours that it was about. */
export async function noteDifferences(
  db: SqlRunner,
  identity: CountedIdentity,
  found: readonly FoundDifference[],
  look: LookedAt,
): Promise<void> {
  const open = watched(identity, found, await readDifferences(db), look);
  const spans = look.spans ?? [{ from: new Date(-8.64e13), to: new Date(8.64e13) }];
  await db.query(
    `delete from billing.accounting_difference d where identity = $1
       and exists (select 1 from unnest($2::timestamptz[], $3::timestamptz[]) as s(since, until) where d.hour >= s.since and d.hour < s.until)`,
    [identity, spans.map(({ from }) => from), spans.map(({ to }) => to)],
  );
  if (open.length === 0) return;
  await db.query(
    `insert into billing.accounting_difference (tenant_id, identity, hour, since, size, upto)
     select t, $1, h, s, z, u from unnest($2::text[], $3::timestamptz[], $4::timestamptz[], $5::bigint[], $6::bigint[]) as r(t, h, s, z, u)`,
    [
      identity,
      open.map(({ tenantId }) => tenantId),
      open.map(({ hour }) => hour),
      open.map(({ since }) => since),
      open.map(({ size }) => size),
      open.map(({ upto }) => upto),
    ],
  );
}
