import { randomUUIDv7 } from 'node:crypto';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { findConnection } from '../connections/find-connections.js';
import type { DecisionMaker } from '../decisions/decision-maker.js';

export interface RunRequest extends DecisionMaker {
  connectionId: string;
  /** Default: every customer of the connection. */
  customerCodes?: readonly string[];
  /** A period before the current one: what came later is not brought. Default: everything is. */
  periodId?: string;
  /** Nothing is written, whatever the connection's mode. */
  isPreview?: boolean;
}

/**
 * Asks for a manual run: every mapped line (of the customers) is released again, or only previewed, and looked at afresh. Returns its
 * id, or null when the tenant has no such connection.
 */
export async function startRun(tx: EntityManager, tenantId: string, request: RunRequest): Promise<string | null> {
  const { connectionId, customerCodes, periodId, isPreview, actor, now } = request;
  if (!(await findConnection(tx, tenantId, connectionId))) return null;
  const runId = `run_${randomUUIDv7()}`;
  await tx.query(
    `insert into control.run (id, tenant_id, connection_id, kind, state, started_at, customer_codes, actor, period_id, is_preview)
     values ($1, $2, $3, 'manual', 'running', $4, $5, $6, $7, $8)`,
    [
      ...[runId, tenantId, connectionId, now, customerCodes ? [...customerCodes] : null],
      ...[JSON.stringify(actor), periodId ?? null, isPreview ?? false],
    ],
  );
  await appendCommand(tx, 'control', { tenantId, kind: 'run-requested', payload: { runId } });
  return runId;
}
