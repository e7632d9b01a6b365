import { type Quantity, toQuantity } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** Something whose two counts do not agree. `since`: when either moved last. */
export interface DifferingCount {
  key: string;
  since: Date;
}

/** Units of a tenant's lines beside what they add to agreement lines. `targets + counting = parts`. */
export interface LinePartBalance {
  tenantId: string;
  /** Of the lines that a PSA is to bill, as their targets say. */
  targets: Quantity;
  /** What the connections' way of counting (present, peak) adds to the level held now. */
  counting: Quantity;
  parts: Quantity;
  /** Lines, by line key, the oldest first. */
  differing: DifferingCount[];
}

/** Units of a tenant's parts beside the schedules of their agreement lines. `parts + left + offset + floor - withheld = schedules`. */
export interface ScheduleBalance {
  tenantId: string;
  agreementLines: number;
  /** Of lines that are billed there. */
  parts: Quantity;
  /** Of lines whose mapping was taken away: the PSA keeps them. */
  left: Quantity;
  /** What people adopted. */
  offset: Quantity;
  /** What floors add. */
  floor: Quantity;
  /** Of lines that move here and are still with their old agreement line. */
  withheld: Quantity;
  schedules: Quantity;
  /** Agreement lines, by key, the oldest first. */
  differing: DifferingCount[];
}

type Row<T extends { differing: DifferingCount[] }> = Omit<T, 'differing'> & {
  differing: { key: string; since: string | null }[] | null;
};

const DIFFERING = `jsonb_agg(jsonb_build_object('key', key, 'since', since) order by since nulls first, key)`;
const LAST = (steps: string): string => `coalesce((${steps}->-1->>'quantity')::numeric, 0)`;

/** Lines whose newest target is decided, beside what they add where they are billed now. */
export async function readLinePartBalances(db: SqlRunner, tenantId?: string): Promise<LinePartBalance[]> {
  const rows = await db.query<Row<LinePartBalance>[]>(
    `with b as (
       select p.tenant_id, p.line_key as key, l.updated_at as since, ${LAST(`l.target->'periods'->-1->'steps'`)} as target,
         coalesce((case when (c.settings->>'prorate')::boolean then l.target->'periods'->-1->'steps'->-1->>'quantity'
           when c.settings->>'counting' = 'present' then l.target->'periods'->-1->>'present'
           when c.settings->>'counting' = 'peak' then l.target->'periods'->-1->>'peak'
           else l.target->'periods'->-1->'steps'->-1->>'quantity' end)::numeric, 0) as wanted, ${LAST('p.steps')} as part
       from control.agreement_line_part p join control.line_part l using (line_key)
       join control.connection c on c.id = p.connection_id and c.deleted_at is null
       where p.is_current and not l.is_undecided and ($1::text is null or p.tenant_id = $1))
     select tenant_id as "tenantId", sum(target)::text as targets, sum(wanted - target)::text as counting, sum(part)::text as parts,
       ${DIFFERING} filter (where part <> wanted) as differing
     from b group by tenant_id`,
    [tenantId ?? null],
  );
  return rows.map(({ targets, counting, parts, ...row }) => ({
    ...withDates(row),
    targets: toQuantity(targets),
    counting: toQuantity(counting),
    parts: toQuantity(parts),
  }));
}

/**
 * Agreement lines beside the sum of their parts. Left out are those that nothing is summed for: their connection is gone, all their lines
 * were taken away or are billed elsewhere too, or a run brought the state of an earlier period.
 */
export async function readScheduleBalances(db: SqlRunner, tenantId?: string): Promise<ScheduleBalance[]> {
  const rows = await db.query<Row<ScheduleBalance>[]>(
    `with s as (
       select p.connection_id, p.agreement_line_key, bool_and(p.is_left) as is_left, bool_or(p.is_claimed_twice) as is_claimed_twice,
         coalesce(sum(${LAST('p.steps')}) filter (where not p.is_left), 0) as part,
         coalesce(sum(${LAST('p.steps')}) filter (where p.is_left), 0) as left_there,
         coalesce(sum(${LAST('p.steps')}) filter (where c.mode = 'auto' and exists (
           select 1 from control.remap m where m.connection_id = p.connection_id and m.to_key = p.agreement_line_key
             and m.line_key = p.line_key and not m.is_over and m.taken_on is null)), 0) as withheld, max(l.updated_at) as since
       from control.agreement_line_part p join control.line_part l using (line_key)
       join control.connection c on c.id = p.connection_id
       where $1::text is null or p.tenant_id = $1 group by p.connection_id, p.agreement_line_key
     ), b as (
       select a.tenant_id, a.agreement_line_key as key, greatest(s.since, a.state_at) as since, s.part, s.left_there, s.withheld,
         a.offset_units::numeric as adopted, a.floor_units::numeric as floored, ${LAST('a.steps')} as schedule
       from s join control.agreement_line a using (connection_id, agreement_line_key)
       join control.connection c on c.id = a.connection_id and c.deleted_at is null
       where not s.is_left and not s.is_claimed_twice and not exists (
         select 1 from control.run_version v join control.run r on r.id = v.run_id
         where v.connection_id = a.connection_id and v.agreement_line_key = a.agreement_line_key and v.version = a.version
           and r.period_id is not null))
     select tenant_id as "tenantId", count(*)::int as "agreementLines", sum(part)::text as parts, sum(left_there)::text as "left",
       sum(adopted)::text as "offset", sum(floored)::text as floor, sum(withheld)::text as withheld, sum(schedule)::text as schedules,
       ${DIFFERING} filter (where part + left_there + adopted + floored - withheld <> schedule) as differing
     from b group by tenant_id`,
    [tenantId ?? null],
  );
  return rows.map((row) => ({
    ...withDates(row),
    parts: toQuantity(row.parts),
    left: toQuantity(row.left),
    offset: toQuantity(row.offset),
    floor: toQuantity(row.floor),
    withheld: toQuantity(row.withheld),
    schedules: toQuantity(row.schedules),
  }));
}

function withDates<T extends { differing: { key: string; since: string | null }[] | null }>(row: T) {
  return { ...row, differing: (row.differing ?? []).map(({ key, since }) => ({ key, since: new Date(since ?? 0) })) };
}
