import type { Actor, Resolution, Step } from '@trueup/contracts';
import type { AgreementLineId } from '../agreement-lines/agreement-line-parts.js';
import type { SqlRunner } from '../sql-runner.js';

/** A decision about an agreement line, as it was made. */
export interface StoredResolution extends AgreementLineId {
  id: string;
  choice: Resolution['choice'];
  cause: 'MANUAL' | 'PSA_DRIFT';
  /** The offset from `from` on; null unless units were adopted. */
  units: string | null;
  reason: string;
  from: string;
  to: string | null;
  /** What the PSA held when it was made. */
  found: { steps: Step[]; token?: string } | null;
  actor: Actor;
  at: Date;
}

/** A decision before it is stored; `workItemId` where it is a work item that somebody has done. */
export type NewResolution = StoredResolution & { tenantId: string; workItemId?: string };

/** Stores a decision. */
export async function storeResolution(tx: SqlRunner, resolution: NewResolution): Promise<void> {
  const { found, actor } = resolution;
  await tx.query(
    `insert into control.resolution (id, tenant_id, connection_id, agreement_line_key, choice, cause, units, reason, valid_from, valid_to,
       found, actor, decided_at, work_item_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
    [
      ...[resolution.id, resolution.tenantId, resolution.connectionId, resolution.agreementLineKey],
      ...[resolution.choice, resolution.cause, resolution.units, resolution.reason, resolution.from, resolution.to],
      ...[found && JSON.stringify(found), JSON.stringify(actor), resolution.at, resolution.workItemId ?? null],
    ],
  );
}

const columns = `r.id, r.connection_id as "connectionId", r.agreement_line_key as "agreementLineKey", r.choice, r.cause, r.units, r.reason,
  r.valid_from as "from", r.valid_to as "to", r.found, r.actor, r.decided_at as at`;

/** Those of the resolutions named that nobody has acted on, oldest first. */
export function pendingResolutions(db: SqlRunner, tenantId: string, ids: readonly string[]): Promise<StoredResolution[]> {
  return db.query(
    `select ${columns} from control.resolution r where r.tenant_id = $1 and r.id = any($2::text[]) and r.applied_at is null
     order by r.id collate "C"`,
    [tenantId, [...ids]],
  );
}

/** Notes that change-control has acted on the resolutions. */
export async function markResolutionsApplied(tx: SqlRunner, ids: readonly string[], at: Date): Promise<void> {
  await tx.query('update control.resolution set applied_at = $2 where id = any($1::text[])', [[...ids], at]);
}

/** All decisions about an agreement line, newest first. */
export function resolutionsOf(db: SqlRunner, tenantId: string, id: AgreementLineId): Promise<StoredResolution[]> {
  return db.query(
    `select ${columns} from control.resolution r
     where r.tenant_id = $1 and r.connection_id = $2 and r.agreement_line_key = $3 order by r.id collate "C" desc`,
    [tenantId, id.connectionId, id.agreementLineKey],
  );
}
