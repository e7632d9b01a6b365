import type { ChangeStep } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';
import type { AgreementLineId } from './agreement-line-parts.js';

/** What one part adds to what an agreement line is released with. */
export interface ReleasedPart extends AgreementLineId {
  lineKey: string;
  steps: readonly ChangeStep[];
  /** Whether the PSA has it already: the parts changed, their sum did not. */
  isDelivered: boolean;
}

/** Notes what each part adds to the newest version. */
export async function noteReleasedSteps(tx: SqlRunner, parts: readonly ReleasedPart[]): Promise<void> {
  if (parts.length === 0) return;
  await tx.query(
    `update control.agreement_line_part p set released = r.steps,
       delivered = case when r."isDelivered" then r.steps else p.delivered end
     from jsonb_to_recordset($1::jsonb) as r("connectionId" text, "agreementLineKey" text, "lineKey" text, steps jsonb, "isDelivered" boolean)
     where p.connection_id = r."connectionId" and p.agreement_line_key = r."agreementLineKey" and p.line_key = r."lineKey"`,
    [JSON.stringify(parts)],
  );
}

/** The PSA has confirmed the newest version of these agreement lines: their parts are delivered as released. */
export async function noteDeliveredSteps(tx: SqlRunner, ids: readonly AgreementLineId[]): Promise<void> {
  if (ids.length === 0) return;
  await tx.query(
    `update control.agreement_line_part p set delivered = p.released
     from unnest($1::text[], $2::text[]) as w(connection_id, agreement_line_key)
     where p.connection_id = w.connection_id and p.agreement_line_key = w.agreement_line_key`,
    [ids.map((id) => id.connectionId), ids.map((id) => id.agreementLineKey)],
  );
}
