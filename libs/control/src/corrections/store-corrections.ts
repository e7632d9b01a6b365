import type { Correction } from '@trueup/contracts';
import type { AgreementLineId } from '../agreement-lines/agreement-line-parts.js';
import type { SqlRunner } from '../sql-runner.js';

/** A correction that late events call for, before it is stored. */
export interface LateCorrection
  extends AgreementLineId, Pick<Correction, 'id' | 'periodId' | 'units' | 'from' | 'to' | 'message'> {
  tenantId: string;
  /** `scheduled`: the agreement line's schedule carries it; `listed`: it is for a one-off charge or a person. */
  state: 'scheduled' | 'listed';
}

/**
 * Stores what late events call for in these agreement lines; corrections that nothing calls for any more are withdrawn. What was
 * delivered, and what a person has dealt with, stays as it is.
 */
export async function storeLateCorrections(
  tx: SqlRunner,
  ids: readonly AgreementLineId[],
  corrections: readonly LateCorrection[],
  at: Date,
): Promise<void> {
  await tx.query(
    `update control.correction c set state = 'withdrawn'
     where (c.connection_id, c.agreement_line_key) in (select k, l from unnest($1::text[], $2::text[] collate "C") as w(k, l))
       and c.reason = 'late' and c.state in ('listed', 'scheduled') and not (c.id = any($3::text[]))`,
    [ids.map((id) => id.connectionId), ids.map((id) => id.agreementLineKey), corrections.map(({ id }) => id)],
  );
  await tx.query(
    `insert into control.correction as c (id, tenant_id, connection_id, agreement_line_key, period_id, units, valid_from, valid_to, state,
       reason, message, causes, created_at)
     select id, "tenantId", "connectionId", "agreementLineKey", "periodId", units, "from", "to", state, 'late', message, '[]', $2
     from jsonb_to_recordset($1::jsonb) as r(id text, "tenantId" text, "connectionId" text, "agreementLineKey" text, "periodId" date,
       units text, "from" date, "to" date, state text, message text)
     on conflict (id) do update set state = excluded.state where c.state <> 'done' and c.state <> excluded.state`,
    [JSON.stringify(corrections), at],
  );
}

/** A correction that an agreement line's schedule carries. */
export type ScheduledCorrection = Pick<Correction, 'id' | 'periodId' | 'units' | 'from' | 'to'>;

/** What the agreement line's schedule carries, oldest first. */
export function scheduledCorrections(tx: SqlRunner, id: AgreementLineId): Promise<ScheduledCorrection[]> {
  return tx.query(
    `select id, period_id as "periodId", units, valid_from as "from", valid_to as "to" from control.correction
     where connection_id = $1 and agreement_line_key = $2 and reason = 'late' and state = 'scheduled' order by valid_from`,
    [id.connectionId, id.agreementLineKey],
  );
}

/** Notes what came of corrections that were scheduled: `withdrawn` where their days are listed for another reason. */
export async function endScheduledCorrections(
  tx: SqlRunner,
  ids: readonly string[],
  state: 'delivered' | 'withdrawn',
): Promise<void> {
  await tx.query(`update control.correction set state = $2 where id = any($1::text[]) and state = 'scheduled'`, [
    [...ids],
    state,
  ]);
}
