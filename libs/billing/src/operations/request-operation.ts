import { randomUUIDv7 } from 'node:crypto';
import type { Actor, PlainDate } from '@trueup/contracts';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { findPeriod, type FoundPeriod, type PeriodReference } from '../queries/period-reference.js';
import type { OperationKind } from './operation.js';

/** Who asks, and when. */
export interface RequestContext {
  actor: Actor;
  now: Date;
}

/** The operation to follow, or why there is none. */
export type Requested = { operationId: string } | { refused: 'unknown-period' | 'not-ended' | 'closed' };

/**
 * Asks for a period that has ended to be closed: also one that ended before `liveFrom` or before the tenant was created, which never
 * closes by itself. One that is closing already goes on, and is followed by the operation.
 */
export async function requestClose(
  tx: EntityManager,
  tenantId: string,
  period: PeriodReference,
  context: RequestContext,
): Promise<Requested> {
  const found = await findPeriod(tx, tenantId, period, context.now);
  if (found === null) return { refused: 'unknown-period' };
  if (found.state === 'closed') return { refused: 'closed' };
  if (found.endsAtMs > context.now.getTime()) return { refused: 'not-ended' };
  return { operationId: await request(tx, { tenantId, kind: 'close', period: found, isDryRun: false, payload: {} }, context) };
}

/**
 * Asks for everything in a period to be decided again from the event store and the catalogue of now. A dry run changes nothing and
 * reports what would change. For a closed period a run writes the next version of its snapshot if something differs.
 */
export async function requestReprocess(
  tx: EntityManager,
  tenantId: string,
  period: PeriodReference,
  { isDryRun }: { isDryRun: boolean },
  context: RequestContext,
): Promise<Requested> {
  const found = await findPeriod(tx, tenantId, period, context.now);
  if (found === null) return { refused: 'unknown-period' };
  return { operationId: await request(tx, { tenantId, kind: 'reprocess', period: found, isDryRun, payload: {} }, context) };
}

/** Asks for the truth of customers (default all) to be rebuilt from the event store; only what differs is stored and sent. */
export function requestRebuild(
  tx: EntityManager,
  tenantId: string,
  { customerCodes }: { customerCodes?: readonly string[] },
  context: RequestContext,
): Promise<string> {
  const payload = customerCodes === undefined ? {} : { customerCodes };
  return request(tx, { tenantId, kind: 'rebuild', period: null, isDryRun: false, payload }, context);
}

interface NewOperation {
  tenantId: string;
  kind: OperationKind;
  period: FoundPeriod | null;
  isDryRun: boolean;
  payload: object;
}

const COMMANDS: Record<OperationKind, string> = { close: 'close-period', reprocess: 'reprocess-period', rebuild: 'rebuild' };

async function request(
  tx: EntityManager,
  { tenantId, kind, period, isDryRun, payload }: NewOperation,
  { actor, now }: RequestContext,
): Promise<string> {
  const operationId = `op_${randomUUIDv7()}`;
  const periodId: PlainDate | null = period?.id ?? null;
  await tx.query(
    `insert into billing.operation (tenant_id, id, kind, period_id, is_dry_run, stage, actor, requested_at)
     values ($1, $2, $3, $4::date, $5, 'waiting', $6::jsonb, $7)`,
    [tenantId, operationId, kind, periodId, isDryRun, JSON.stringify(actor), now],
  );
  await appendCommand(tx, 'billing', { tenantId, kind: COMMANDS[kind], payload: { operationId, ...payload } });
  return operationId;
}
