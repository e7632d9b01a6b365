import type { LogEntry, LogLevel, Reach } from '@trueup/contracts';
import { reachCondition } from '../reach-condition.js';
import type { SqlRunner } from '../sql-runner.js';

export interface RunLogFilter {
  tenantId: string;
  runId: string;
  reach: Reach;
  /** A code or its alias. */
  code?: string;
  level?: LogLevel;
  /** Text that the message, code, alias, customer or sku contains; case does not matter. */
  q?: string;
  /** The `id` of the entry after which the page begins. */
  after?: string;
  limit: number;
}

/** An entry with its place in the log, for the next page. */
export type PlacedLogEntry = LogEntry & { id: string };

type Row = Record<keyof LogEntry | 'id', unknown> & { at: Date };

/** Entries in the order in which they were written. Those without a customer are for readers of the whole tenant. */
export async function readRunLog(db: SqlRunner, filter: RunLogFilter): Promise<PlacedLogEntry[]> {
  const parameters: unknown[] = [filter.tenantId, filter.runId, filter.after ?? '0', filter.limit];
  const conditions = [
    reachCondition(filter.reach, { customer: 'e.customer_code', tenant: 'e.tenant_id' }, parameters),
    ...(filter.code === undefined ? [] : [codeCondition(parameters.push(filter.code))]),
    ...(filter.level === undefined ? [] : [`e.level = $${parameters.push(filter.level)}`]),
    ...(filter.q === undefined ? [] : [textCondition(parameters.push(`%${escapePattern(filter.q)}%`))]),
  ];
  const rows = await db.query<Row[]>(
    `select e.id, e.at, e.level, e.code, e.alias, e.owner, e.customer_code as "customerCode", e.sku,
       e.agreement_line_key as "agreementLineKey", e.message, e.remedy, e.details
     from control.log_entry e
     where e.tenant_id = $1 and e.run_id = $2 and e.id > $3::bigint and ${conditions.join(' and ')}
     order by e.id limit $4`,
    parameters,
  );
  return rows.map(toEntry);
}

function codeCondition(place: number): string {
  return `(e.code = $${place} or e.alias = $${place})`;
}

function textCondition(place: number): string {
  return `concat_ws(' ', e.message, e.code, e.alias, e.customer_code, e.sku) ilike $${place}`;
}

function escapePattern(text: string): string {
  return text.replace(/[\\%_]/g, (character) => `\\${character}`);
}

function toEntry(row: Row): PlacedLogEntry {
  const present = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  return { ...(present as PlacedLogEntry), at: row.at.toISOString() };
}
