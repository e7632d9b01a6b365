import { type ConnectionMode, type ConnectionSettings, type Finding, connectionSettings } from '@trueup/contracts';

/** A connection as the store knows it; the names of its secrets come from libs/access. */
export interface StoredConnection {
  id: string;
  tenantId: string;
  kind: string;
  label: string;
  mode: ConnectionMode;
  /** Raised by every change of mode, secret, host or mapping; nothing of an older epoch is sent. */
  epoch: number;
  baseUrl: string | null;
  settings: ConnectionSettings;
  state: 'ready' | 'suspended';
  reason: string | null;
  /** Checks asked for so far, and the last of them that was answered. */
  checkRequested: number;
  checkAnswered: number;
  findings: Finding[] | null;
  findingsAt: Date | null;
  /** Requests so far for the PSA's accounts and products. */
  listRequested: number;
  createdAt: Date;
  updatedAt: Date;
}

export const connectionColumns = `id, tenant_id as "tenantId", kind, label, mode, epoch, base_url as "baseUrl", settings, state, reason,
  check_requested as "checkRequested", check_answered as "checkAnswered", findings, findings_at as "findingsAt",
  list_requested as "listRequested",
  created_at as "createdAt", updated_at as "updatedAt"`;

/** Settings stored by an older version get the defaults of what it did not know. */
export function toStoredConnection(row: StoredConnection): StoredConnection {
  return { ...row, settings: connectionSettings.parse(row.settings) };
}
