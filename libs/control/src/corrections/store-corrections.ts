import type { Correction } from '@trueup/contracts';
import type { AgreementLineId } from '../agreement-lines/agreement-line-parts.js';
import type { SqlRunner } from '../sql-runner.js';

/** A correction that late events call for, before it is stored. */
export interface LateCorrection
  extends AgreementLineId, Pick<Correction, 'id' | 'periodId' | 'units' | 'from' | 'to' | 'message'> {
  tenantId: string;
}

/**
 * Stores what late events call for in these agreement lines: new corrections are listed, those that nothing calls for any more are
 * withdrawn. What a person has dealt with stays as it is. Returns those that are new.
 */
export async function storeLateCorrections(
  tx: SqlRunner,
  ids: readonly AgreementLineId[],
  corrections: readonly LateCorrection[],
  at: Date,
): Promise<string[]> {
  await tx.query(
    `update control.correction c set state = 'withdrawn'
     where (c.connection_id, c.agreement_line_key) in (select k, l from unnest($1::text[], $2::text[] collate "C") as w(k, l))
       and c.reason = 'late' and c.state = 'listed' and not (c.id = any($3::text[]))`,
    [ids.map((id) => id.connectionId), ids.map((id) => id.agreementLineKey), corrections.map(({ id }) => id)],
  );
  const listed = await tx.query<{ id: string; isNew: boolean }[]>(
    `insert into control.correction as c (id, tenant_id, connection_id, agreement_line_key, period_id, units, valid_from, valid_to, state,
       reason, message, causes, created_at)
     select id, "tenantId", "connectionId", "agreementLineKey", "periodId", units, "from", "to", 'listed', 'late', message, '[]', $2
     from jsonb_to_recordset($1::jsonb) as r(id text, "tenantId" text, "connectionId" text, "agreementLineKey" text, "periodId" date,
       units text, "from" date, "to" date, message text)
     on conflict (id) do update set state = 'listed' where c.state = 'withdrawn'
     returning id`,
    [JSON.stringify(corrections), at],
  );
  return listed.map(({ id }) => id);
}
