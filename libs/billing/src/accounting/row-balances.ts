import { type Quantity, toQuantity } from '@trueup/contracts';
import { localDateOf, readTenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';

/** A line on which two counts do not agree. `since`: when either moved last. */
export interface DifferingLine {
  lineKey: string;
  since: Date;
}

/** Units of a tenant's billing rows beside those of its line targets, today. */
export interface RowBalance {
  tenantId: string;
  lines: number;
  rows: Quantity;
  targets: Quantity;
  /** Lines whose rows and target do not agree, the oldest first. */
  differing: DifferingLine[];
}

interface Row extends Omit<RowBalance, 'differing'> {
  differing: { lineKey: string; since: string | null }[] | null;
}

/**
 * Counts the rows of every line and sets them beside its target. A tenant whose first day of billing is not over has no targets to
 * compare: it is left out.
 */
export async function readRowBalances(db: SqlRunner, now: Date, tenantId?: string): Promise<RowBalance[]> {
  const rows = await db.query<Row[]>(
    `with r as (
       select tenant_id, line_key, sum(level) as units, max(changed_at) as moved_at from billing.holding
       where is_billable and line_key is not null and ($1::text is null or tenant_id = $1) group by tenant_id, line_key
     ), t as (
       select tenant_id, line_key, coalesce((content->'periods'->-1->'steps'->-1->>'quantity')::numeric, 0) as units, emitted_at as moved_at
       from billing.line_target where $1::text is null or tenant_id = $1
     ), b as (
       select tenant_id, line_key, coalesce(r.units, 0) as held, coalesce(t.units, 0) as target, greatest(r.moved_at, t.moved_at) as since
       from r full join t using (tenant_id, line_key))
     select tenant_id as "tenantId", count(*)::int as lines, sum(held)::text as rows, sum(target)::text as targets,
       jsonb_agg(jsonb_build_object('lineKey', line_key, 'since', since) order by since nulls first, line_key) filter (where held <> target) as differing
     from b group by tenant_id`,
    [tenantId ?? null],
  );
  const settings = await readTenantSettings(
    db,
    rows.map((row) => row.tenantId),
  );
  const isLive = (id: string): boolean => {
    const known = settings.get(id);
    return known !== undefined && known.current.liveFrom < localDateOf(known, now);
  };
  return rows.filter((row) => isLive(row.tenantId)).map(toBalance);
}

function toBalance({ differing, rows, targets, ...row }: Row): RowBalance {
  const lines = (differing ?? []).map(({ lineKey, since }) => ({ lineKey, since: new Date(since ?? 0) }));
  return { ...row, rows: toQuantity(rows), targets: toQuantity(targets), differing: lines };
}
