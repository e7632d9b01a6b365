import type { Actor, FieldError } from '@trueup/contracts';
import type { QuarantineReason, RecordOrigin } from '../projection/quarantine.js';
import { keyOfCursor, MalformedCursor, type Page, type PageRequest, pageOf } from '../queries/page.js';
import type { SqlRunner } from '../sql-runner.js';

/** `waiting` for a person; `releasing`: on its way through the projector again; `released` and `discarded` are final. */
export type QuarantineState = 'waiting' | 'releasing' | 'released' | 'discarded';

/** A record that was set aside, with what a person decided about it. `outcome`: what came of its release. */
export interface Quarantined {
  id: string;
  tenantId: string;
  state: QuarantineState;
  reason: QuarantineReason;
  errors: FieldError[];
  origin: RecordOrigin;
  quarantinedAt: Date;
  note: string | null;
  decidedBy: Actor | null;
  decidedAt: Date | null;
  outcome: 'applied' | 'duplicate' | null;
}

type Row = Omit<Quarantined, 'origin'> & Omit<RecordOrigin, 'offset'> & { offset: string };

const SELECT = `select tenant_id as "tenantId", id::text, state, reason, errors, topic, partition, record_offset::text as "offset",
  record_key as key, headers, value, quarantined_at as "quarantinedAt", note, decided_by as "decidedBy", decided_at as "decidedAt", outcome
  from billing.quarantine`;

/** A page of a tenant's quarantined records, newest first. */
export async function listQuarantined(
  database: SqlRunner,
  tenantId: string,
  { state }: { state?: QuarantineState },
  page: PageRequest,
): Promise<Page<Quarantined>> {
  const before = keyOfCursor(page.cursor, 1)?.[0];
  if (before !== undefined && !/^\d{1,18}$/.test(before)) throw new MalformedCursor();
  const rows = await database.query<Row[]>(
    `${SELECT} where tenant_id = $1 and ($2::text is null or state = $2) and ($3::bigint is null or id < $3) order by id desc limit $4`,
    [tenantId, state ?? null, before ?? null, page.limit + 1],
  );
  return pageOf(rows, page.limit, ({ id }) => [id], toQuarantined);
}

/** One record; null when the tenant has none of this number. `lock`: nobody else decides about it until the transaction ends. */
export async function findQuarantined(
  tx: SqlRunner,
  tenantId: string,
  id: string,
  lock: 'for update' | '' = '',
): Promise<Quarantined | null> {
  if (!/^\d{1,18}$/.test(id)) return null;
  const [row] = await tx.query<Row[]>(`${SELECT} where tenant_id = $1 and id = $2::bigint ${lock}`, [tenantId, id]);
  return row === undefined ? null : toQuarantined(row);
}

function toQuarantined({ topic, partition, offset, key, headers, value, ...rest }: Row): Quarantined {
  return { ...rest, origin: { topic, partition, offset: BigInt(offset), key, headers, value } };
}
