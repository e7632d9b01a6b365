import { type Code, type LogLevel, meaningOf } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** An entry to write. Level, owner, alias and remedy come from the code, unless the level says otherwise. */
export interface NewLogEntry {
  runId: string;
  tenantId: string;
  connectionId: string;
  /** The connection's kind: on Autotask the alias is printed. */
  kind: string;
  code: Code;
  level?: LogLevel;
  customerCode?: string;
  sku?: string;
  agreementLineKey?: string;
  message: string;
  details?: Readonly<Record<string, unknown>>;
  /** An entry with this key is written once in a run. */
  onceKey?: string;
}

/** Writes entries in their order. */
export async function appendLog(tx: SqlRunner, entries: readonly NewLogEntry[], at: Date): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `insert into control.log_entry (run_id, tenant_id, connection_id, at, level, code, alias, owner, customer_code, sku,
       agreement_line_key, message, remedy, details, once_key)
     select r."runId", r."tenantId", r."connectionId", $2, r.level, r.code, r.alias, r.owner, r."customerCode", r.sku,
       r."agreementLineKey", r.message, r.remedy, r.details, r."onceKey"
     from jsonb_to_recordset($1::jsonb) as r(position int, "runId" text, "tenantId" text, "connectionId" text, level text, code text,
       alias text, owner text, "customerCode" text, sku text, "agreementLineKey" text, message text, remedy text, details jsonb,
       "onceKey" text)
     order by r.position
     on conflict (run_id, once_key) where once_key is not null do nothing`,
    [JSON.stringify(entries.map(toRow)), at],
  );
}

function toRow(entry: NewLogEntry, position: number): Record<string, unknown> {
  const { alias, ...meaning } = meaningOf(entry.code);
  return {
    details: {},
    ...meaning,
    ...entry,
    level: entry.level ?? meaning.level,
    position,
    ...(entry.kind === 'autotask' && { alias }),
  };
}
