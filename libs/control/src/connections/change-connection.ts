import { randomUUIDv7 } from 'node:crypto';
import { type ConnectionSettings, type FieldError, connectionSettings, fieldErrorsOf } from '@trueup/contracts';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { lockSettings } from '../settings-lock.js';
import { findConnection } from './find-connections.js';
import { raiseEpoch } from './raise-epoch.js';
import type { StoredConnection } from './stored-connection.js';

export interface NewConnection {
  kind: string;
  label: string;
  baseUrl?: string;
  /** Unknown members are refused; absent ones get their default. */
  settings?: unknown;
}

export interface ConnectionPatch {
  label?: string;
  /** null removes the address, so that the connector finds it by itself. */
  baseUrl?: string | null;
  /** Replaces the named settings and keeps the others; null sets one back to its default. */
  settings?: Readonly<Record<string, unknown>>;
}

export type ConnectionChange = { connection: StoredConnection } | { errors: FieldError[] };

/** Makes a connection, which only observes. Pointers of the errors begin with `/settings`. */
export async function createConnection(
  tx: EntityManager,
  tenantId: string,
  wanted: NewConnection,
  at: Date,
): Promise<ConnectionChange> {
  const settings = parseSettings(wanted.settings ?? {});
  if ('errors' in settings) return settings;
  const id = `con_${randomUUIDv7()}`;
  await tx.query(
    `insert into control.connection (id, tenant_id, kind, label, base_url, settings, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [id, tenantId, wanted.kind, wanted.label, wanted.baseUrl ?? null, JSON.stringify(settings.value), at],
  );
  return { connection: (await findConnection(tx, tenantId, id))! };
}

/** Changes a connection; a new host raises the epoch, new settings decide its lines again. Null when there is none. */
export async function patchConnection(
  tx: EntityManager,
  tenantId: string,
  id: string,
  patch: ConnectionPatch,
  at: Date,
): Promise<ConnectionChange | null> {
  await lockSettings(tx, tenantId);
  const before = await findConnection(tx, tenantId, id);
  if (!before) return null;
  const settings = parseSettings(mergedSettings(before.settings, patch.settings ?? {}));
  if ('errors' in settings) return settings;
  const baseUrl = patch.baseUrl === undefined ? before.baseUrl : patch.baseUrl;
  await tx.query(
    'update control.connection set label = $3, base_url = $4, settings = $5, updated_at = $6 where tenant_id = $1 and id = $2',
    [tenantId, id, patch.label ?? before.label, baseUrl, JSON.stringify(settings.value), at],
  );
  if (baseUrl !== before.baseUrl) await raiseEpoch(tx, tenantId, id, 'base-url');
  if (patch.settings) await appendCommand(tx, 'control', { tenantId, kind: 'settings-changed', payload: { connectionId: id } });
  return { connection: (await findConnection(tx, tenantId, id))! };
}

/** Forgets a connection; nothing is written to its PSA and its lines show `abandoned`. False when there is none. */
export async function removeConnection(tx: EntityManager, tenantId: string, id: string, at: Date): Promise<boolean> {
  await lockSettings(tx, tenantId);
  if (!(await findConnection(tx, tenantId, id))) return false;
  await raiseEpoch(tx, tenantId, id, 'removed');
  await tx.query('update control.connection set deleted_at = $3 where tenant_id = $1 and id = $2', [tenantId, id, at]);
  return true;
}

function mergedSettings(before: ConnectionSettings, patch: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...before, ...patch }).filter(([, value]) => value !== null));
}

function parseSettings(input: unknown): { value: ConnectionSettings } | { errors: FieldError[] } {
  const parsed = connectionSettings.safeParse(input);
  if (!parsed.success) return { errors: fieldErrorsOf(parsed.error, '/settings') };
  // Steps of their own dates have no "most at one moment of the period".
  if (parsed.data.prorate && parsed.data.counting !== 'active') {
    return { errors: [{ pointer: '/settings/counting', detail: 'Must be "active" when the connection prorates' }] };
  }
  return { value: parsed.data };
}
