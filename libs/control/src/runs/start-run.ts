import { randomUUIDv7 } from 'node:crypto';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { findConnection } from '../connections/find-connections.js';
import type { DecisionMaker } from '../decisions/decision-maker.js';

export interface RunRequest extends DecisionMaker {
  connectionId: string;
  /** Default: every customer of the connection. */
  customerCodes?: readonly string[];
}

/**
 * Asks for a manual run: every mapped line (of the customers) is released again and looked at afresh. Returns its id, or null when the
 * tenant has no such connection.
 */
export async function startRun(tx: EntityManager, tenantId: string, request: RunRequest): Promise<string | null> {
  const { connectionId, customerCodes, actor, now } = request;
  if (!(await findConnection(tx, tenantId, connectionId))) return null;
  const runId = `run_${randomUUIDv7()}`;
  await tx.query(
    `insert into control.run (id, tenant_id, connection_id, kind, state, started_at, customer_codes, actor)
     values ($1, $2, $3, 'manual', 'running', $4, $5, $6)`,
    [runId, tenantId, connectionId, now, customerCodes ? [...customerCodes] : null, JSON.stringify(actor)],
  );
  await appendCommand(tx, 'control', { tenantId, kind: 'run-requested', payload: { runId } });
  return runId;
}
