import type { SqlRunner } from '../sql-runner.js';

/** A line that came to an agreement line, or left it, by a mapping or a payer that changed. */
export interface ShownRemap {
  remapId: string;
  lineKey: string;
  from: { agreementLineKey: string; billingIdentifier: string };
  to: { agreementLineKey: string; billingIdentifier: string };
  /** The day from which the mapping bills the line at the new place. */
  movedFrom: string;
  /** The day on which the old place let it go; null while that is not confirmed. */
  takenOn: string | null;
  /** A later remap of the line took its place. */
  isOver: boolean;
  at: string;
}

/** Remaps that the agreement line takes part in, at either end, newest first. */
export async function shownRemaps(
  db: SqlRunner,
  ref: { tenantId: string; connectionId: string; agreementLineKey: string },
): Promise<ShownRemap[]> {
  const end = (alias: string): string =>
    `jsonb_build_object('agreementLineKey', ${alias}.agreement_line_key, 'billingIdentifier', ${alias}.billing_identifier)`;
  const rows = await db.query<(Omit<ShownRemap, 'at'> & { at: Date })[]>(
    `select m.id as "remapId", m.line_key as "lineKey", ${end('f')} as "from", ${end('t')} as "to", m.moved_from as "movedFrom",
       m.taken_on as "takenOn", m.is_over as "isOver", m.created_at as at
     from control.remap m
     join control.agreement_line f on f.connection_id = m.connection_id and f.agreement_line_key = m.from_key
     join control.agreement_line t on t.connection_id = m.connection_id and t.agreement_line_key = m.to_key
     where m.tenant_id = $1 and m.connection_id = $2 and (m.from_key = $3 or m.to_key = $3)
     order by m.id collate "C" desc`,
    [ref.tenantId, ref.connectionId, ref.agreementLineKey],
  );
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }));
}
