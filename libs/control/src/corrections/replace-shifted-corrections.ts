import { randomUUIDv7 } from 'node:crypto';
import type { Correction } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** Days on which the PSA bills another quantity than it should; `to` is the first day after them. */
export interface ShiftedCorrection extends Pick<Correction, 'periodId' | 'units' | 'from' | 'to' | 'message'> {
  reason: 'date-taken' | 'date-shifted' | 'posted';
}

/** What was told of one agreement line. */
export interface ShiftedCorrections {
  tenantId: string;
  connectionId: string;
  agreementLineKey: string;
  /** What was told of earlier days stands. */
  since: string;
  corrections: readonly ShiftedCorrection[];
}

/**
 * Brings the listed corrections of agreement lines, each named once, to what their newest outcomes tell of the days from `since` on: new
 * ones are listed, those that no longer hold are withdrawn, the others stay as they are. The caller holds the agreement lines' locks.
 */
export async function replaceShiftedCorrections(tx: SqlRunner, told: readonly ShiftedCorrections[], at: Date): Promise<void> {
  if (told.length === 0) return;
  const lines = told.map(({ tenantId, connectionId, agreementLineKey, since }) => ({
    ...{ tenantId, connectionId, agreementLineKey, since },
  }));
  const rows = told.flatMap(({ corrections, ...line }) =>
    corrections.map((one) => ({ ...line, ...one, id: `cor_${randomUUIDv7()}` })),
  );
  await tx.query(
    `with line as (
       select * from jsonb_to_recordset($1::jsonb) as l("connectionId" text, "agreementLineKey" text, since date)),
     told as (
       select * from jsonb_to_recordset($2::jsonb) as t(id text, "tenantId" text, "connectionId" text, "agreementLineKey" text,
         "periodId" date, units text, "from" date, "to" date, reason text, message text)),
     gone as (
       update control.correction c set state = 'withdrawn' from line l
       where c.connection_id = l."connectionId" and c.agreement_line_key = l."agreementLineKey" and c.state = 'listed'
         and c.reason <> 'late' and c.valid_from >= l.since
         and not exists (select 1 from told t where t."connectionId" = c.connection_id and t."agreementLineKey" = c.agreement_line_key
           and t."from" = c.valid_from and t."to" = c.valid_to and t.units = c.units))
     insert into control.correction (id, tenant_id, connection_id, agreement_line_key, period_id, units, valid_from, valid_to, state, reason,
       message, causes, created_at)
     select t.id, t."tenantId", t."connectionId", t."agreementLineKey", t."periodId", t.units, t."from", t."to", 'listed', t.reason,
       t.message, '[]', $3 from told t
     where not exists (select 1 from control.correction c where c.connection_id = t."connectionId"
       and c.agreement_line_key = t."agreementLineKey" and c.state = 'listed' and c.valid_from = t."from" and c.valid_to = t."to"
       and c.units = t.units)`,
    [JSON.stringify(lines), JSON.stringify(rows), at],
  );
}
