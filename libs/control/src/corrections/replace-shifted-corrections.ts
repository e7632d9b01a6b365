import { randomUUIDv7 } from 'node:crypto';
import type { Correction } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** Days on which the PSA bills another quantity than it should; `to` is the first day after them. */
export interface ShiftedCorrection extends Pick<Correction, 'periodId' | 'units' | 'from' | 'to' | 'message'> {
  reason: 'date-taken' | 'date-shifted' | 'posted';
}

export interface ShiftedCorrections {
  tenantId: string;
  connectionId: string;
  agreementLineKey: string;
  /** What was told of earlier days stands. */
  since: string;
  corrections: readonly ShiftedCorrection[];
  at: Date;
}

/**
 * Brings the listed corrections of one agreement line to what its newest outcome tells of the days from `since` on: new ones are listed,
 * those that no longer hold are withdrawn, the others stay as they are. The caller holds the agreement line's lock.
 */
export async function replaceShiftedCorrections(tx: SqlRunner, told: ShiftedCorrections): Promise<void> {
  const { tenantId, connectionId, agreementLineKey, since, corrections, at } = told;
  const rows = JSON.stringify(corrections.map((one) => ({ ...one, id: `cor_${randomUUIDv7()}` })));
  await tx.query(
    `with told as (
       select * from jsonb_to_recordset($5::jsonb) as t(id text, "periodId" date, units text, "from" date, "to" date, reason text, message text)),
     gone as (
       update control.correction c set state = 'withdrawn'
       where c.connection_id = $2 and c.agreement_line_key = $3 and c.state = 'listed' and c.reason <> 'late' and c.valid_from >= $4
         and not exists (select 1 from told t where t."from" = c.valid_from and t."to" = c.valid_to and t.units = c.units))
     insert into control.correction (id, tenant_id, connection_id, agreement_line_key, period_id, units, valid_from, valid_to, state, reason,
       message, causes, created_at)
     select t.id, $1, $2, $3, t."periodId", t.units, t."from", t."to", 'listed', t.reason, t.message, '[]', $6 from told t
     where not exists (select 1 from control.correction c where c.connection_id = $2 and c.agreement_line_key = $3
       and c.state = 'listed' and c.valid_from = t."from" and c.valid_to = t."to" and c.units = t.units)`,
    [tenantId, connectionId, agreementLineKey, since, rows, at],
  );
}
