import type { Correction, Reach } from '@trueup/contracts';
import { reachCondition } from '../reach-condition.js';
import type { SqlRunner } from '../sql-runner.js';

/** Corrections of the tenant in id order, of one period if named. One of a sum with customers outside the reach is not shown. */
export async function listCorrections(
  db: SqlRunner,
  tenantId: string,
  reach: Reach,
  filter: { periodId?: string },
  page: { after?: string; limit: number },
): Promise<Correction[]> {
  const parameters: unknown[] = [tenantId, page.after ?? '', page.limit, filter.periodId ?? null];
  const outside = `not (${reachCondition(reach, { customer: 'p.customer_code', tenant: 'p.tenant_id' }, parameters)})`;
  // One that no line stands behind belongs to nobody's customer: only the whole tenant sees it.
  const isOfSomebody = `exists (select 1 from control.agreement_line_part p where p.connection_id = c.connection_id
    and p.agreement_line_key = c.agreement_line_key)`;
  const rows = await db.query<(Omit<Correction, 'createdAt'> & { createdAt: Date })[]>(
    `select c.id, c.connection_id as "connectionId", c.agreement_line_key as "agreementLineKey", c.period_id as "periodId", c.units,
       c.valid_from as "from", c.valid_to as "to", c.state, c.reason, c.message, c.causes, c.created_at as "createdAt"
     from control.correction c
     where c.tenant_id = $1 and c.id collate "C" > $2 and ($4::date is null or c.period_id = $4)
       and ${reach === 'tenant' ? 'true' : isOfSomebody}
       and not exists (select 1 from control.agreement_line_part p where p.connection_id = c.connection_id
         and p.agreement_line_key = c.agreement_line_key and ${outside})
     order by c.id collate "C" limit $3`,
    parameters,
  );
  return rows.map((row) => ({ ...row, createdAt: row.createdAt.toISOString() }));
}
