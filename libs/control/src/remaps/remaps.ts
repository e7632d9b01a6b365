import { randomUUIDv7 } from 'node:crypto';
import type { AgreementLineIdentity, Code, DeliveryState } from '@trueup/contracts';
import type { AgreementLineId } from '../agreement-lines/agreement-line-parts.js';
import type { SqlRunner } from '../sql-runner.js';

/** A line that leaves one agreement line for another one of the same connection. */
export interface NewRemap {
  tenantId: string;
  connectionId: string;
  lineKey: string;
  fromKey: string;
  toKey: string;
  /** The first day on which the mapping bills it at the new place. */
  movedFrom: string;
}

type Place = Omit<AgreementLineIdentity, 'connectionId'> & { agreementLineKey: string };

export interface Remap extends NewRemap {
  id: string;
  /** The version of the old agreement line that lets the line go; null before it is released. */
  loweredVersion: number | null;
  /** The day on which the lowering took effect; null while it is not confirmed. */
  takenOn: string | null;
  from: Place;
  to: Place;
  /** How far the old agreement line has come. */
  fromState: DeliveryState;
  fromCode: Code | null;
}

const placeOf = (alias: string): string => `jsonb_build_object('agreementLineKey', ${alias}.agreement_line_key,
  'billingIdentifier', ${alias}.billing_identifier, 'agreementRef', ${alias}.agreement_ref, 'productRef', ${alias}.product_ref,
  'siteRef', ${alias}.site_ref)`;

/** Begins remaps. What the line had under way before is over: it is where its newest mapping says. */
export async function beginRemaps(tx: SqlRunner, remaps: readonly NewRemap[], at: Date): Promise<void> {
  for (const { tenantId, connectionId, lineKey, fromKey, toKey, movedFrom } of remaps) {
    await tx.query(
      `insert into control.remap (id, tenant_id, connection_id, line_key, from_key, to_key, moved_from, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [`rmp_${randomUUIDv7()}`, tenantId, connectionId, lineKey, fromKey, toKey, movedFrom, at],
    );
  }
}

/** Ends what these lines had under way to another place than the one they are at now. */
export async function endOtherRemaps(
  tx: SqlRunner,
  lines: readonly { lineKey: string; agreementLineKey: string }[],
): Promise<void> {
  await tx.query(
    `update control.remap m set is_over = true from unnest($1::text[], $2::text[]) as r(line_key, to_key)
     where m.line_key = r.line_key and m.to_key <> r.to_key and not m.is_over`,
    [lines.map((line) => line.lineKey), lines.map((line) => line.agreementLineKey)],
  );
}

/** Remaps that these agreement lines take part in, at either end, oldest first. */
export function remapsOf(tx: SqlRunner, ids: readonly AgreementLineId[]): Promise<Remap[]> {
  return tx.query(
    `select m.id, m.tenant_id as "tenantId", m.connection_id as "connectionId", m.line_key as "lineKey", m.from_key as "fromKey",
       m.to_key as "toKey", m.moved_from as "movedFrom", m.lowered_version as "loweredVersion", m.taken_on as "takenOn",
       ${placeOf('f')} as "from", ${placeOf('t')} as "to", f.state as "fromState", f.code as "fromCode"
     from control.remap m
     join control.agreement_line f on f.connection_id = m.connection_id and f.agreement_line_key = m.from_key
     join control.agreement_line t on t.connection_id = m.connection_id and t.agreement_line_key = m.to_key
     where not m.is_over and m.connection_id = any($1::text[]) and (m.from_key = any($2::text[]) or m.to_key = any($2::text[]))
     order by m.id collate "C"`,
    [ids.map((id) => id.connectionId), ids.map((id) => id.agreementLineKey)],
  );
}

/** Notes which version of the old agreement line lets lines go. */
export async function noteLowering(tx: SqlRunner, remapIds: readonly string[], version: number): Promise<void> {
  await tx.query('update control.remap set lowered_version = $2 where id = any($1::text[])', [[...remapIds], version]);
}

/** Notes the day on which a lowering took effect. */
export async function noteTaken(tx: SqlRunner, remapId: string, day: string): Promise<void> {
  await tx.query('update control.remap set taken_on = $2 where id = $1', [remapId, day]);
}
