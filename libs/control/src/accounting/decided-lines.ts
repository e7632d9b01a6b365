import { type DeliveryState, type Quantity, toQuantity } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** All decided lines of a customer in short: two stores that agree on it agree on every line. */
export interface DecidedCustomer {
  tenantId: string;
  customerCode: string;
  lines: number;
  /** Sum of the lines' target versions. */
  versions: string;
  units: Quantity;
}

/** A line whose newest target was decided, and how far it has come: a line is in exactly one state. */
export interface DecidedLine {
  tenantId: string;
  customerCode: string;
  lineKey: string;
  targetVersion: number;
  units: Quantity;
  state: DeliveryState;
  /** When its target arrived here. */
  receivedAt: Date;
}

/** Lines and units of a tenant in one state. */
export interface LinesInState {
  tenantId: string;
  state: DeliveryState;
  lines: number;
  units: Quantity;
}

type Row<T extends { units: Quantity }> = T & { units: string };

/**
 * Decided lines. A line is where it is billed now, then where it was left, else unmapped; what is billed twice is held, and one connection
 * tells its state. A line whose newest target waits for its decision has no row, and so has one in a state that nobody knows.
 */
const DECIDED = `with placed as (
    select distinct on (p.line_key) p.line_key,
      case when p.is_left or c.deleted_at is not null then 'abandoned' else a.state end as state
    from control.agreement_line_part p
    join control.agreement_line a on a.connection_id = p.connection_id and a.agreement_line_key = p.agreement_line_key
    join control.connection c on c.id = p.connection_id
    where (p.is_current or p.is_left) and ($1::text is null or p.tenant_id = $1)
    order by p.line_key, p.is_current desc, p.connection_id, p.agreement_line_key
  ), decided as (
    select * from (
      select l.tenant_id, l.customer_code, l.line_key, l.target_version, l.updated_at,
        (l.target->'periods'->-1->'steps'->-1->>'quantity')::numeric as units,
        coalesce(p.state, case when l.code is not null then 'unmapped' end) as state
      from control.line_part l left join placed p on p.line_key = l.line_key
      where not l.is_undecided and ($1::text is null or l.tenant_id = $1)) as s
    where state in ('delivered', 'observed', 'pending', 'unsettled', 'held', 'manual', 'rejected', 'unmapped', 'abandoned', 'excluded'))`;

/** Decided lines, customer by customer; of one tenant or of all. */
export async function decidedLinesByCustomer(db: SqlRunner, tenantId?: string): Promise<DecidedCustomer[]> {
  const rows = await db.query<Row<DecidedCustomer>[]>(
    `${DECIDED} select tenant_id as "tenantId", customer_code as "customerCode", count(*)::int as lines,
       sum(target_version)::text as versions, sum(units)::text as units from decided group by tenant_id, customer_code`,
    [tenantId ?? null],
  );
  return rows.map(withQuantity);
}

/** How many lines and units are in which state; of one tenant or of all. */
export async function linesByState(db: SqlRunner, tenantId?: string): Promise<LinesInState[]> {
  const rows = await db.query<Row<LinesInState>[]>(
    `${DECIDED} select tenant_id as "tenantId", state, count(*)::int as lines, sum(units)::text as units from decided group by tenant_id, state`,
    [tenantId ?? null],
  );
  return rows.map(withQuantity);
}

/** The decided lines of a tenant's customers. */
export async function decidedLinesOf(db: SqlRunner, tenantId: string, customerCodes: readonly string[]): Promise<DecidedLine[]> {
  const rows = await db.query<Row<DecidedLine>[]>(
    `${DECIDED} select tenant_id as "tenantId", customer_code as "customerCode", line_key as "lineKey",
       target_version::int as "targetVersion", units::text as units, state, updated_at as "receivedAt"
     from decided where customer_code = any($2::text[])`,
    [tenantId, [...customerCodes]],
  );
  return rows.map(withQuantity);
}

function withQuantity<T extends { units: Quantity }>(row: T): T {
  return { ...row, units: toQuantity(row.units) };
}
