import type { FieldError } from '@trueup/contracts';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { listConnections } from '../connections/find-connections.js';
import { raiseEpoch } from '../connections/raise-epoch.js';

/** How a mapping ends: on `today`, in one connection or all. */
export interface MappingEnd {
  today: string;
  connectionId?: string;
  /** `leave` (default): the PSA keeps the units, nothing is written. `zero`: they are taken away, like a removal. */
  onRemove?: 'leave' | 'zero';
}

export type MappingChange<T> = { mappings: T[] } | { errors: FieldError[] };

/** Rows that name a connection which the tenant does not have. */
export async function unknownConnectionErrors(
  tx: EntityManager,
  tenantId: string,
  rows: readonly { connectionId: string }[],
): Promise<FieldError[]> {
  const known = new Set((await listConnections(tx, tenantId)).map((connection) => connection.id));
  return rows.flatMap((row, index) =>
    known.has(row.connectionId) ? [] : [{ pointer: `/${index}/connectionId`, detail: 'Names no connection of this tenant' }],
  );
}

/** Rows that say twice what holds from one day on. */
export function repeatedRowErrors<T>(rows: readonly T[], identityOf: (row: T) => string): FieldError[] {
  const seen = new Set<string>();
  return rows.flatMap((row, index) => {
    const identity = identityOf(row);
    if (seen.has(identity)) return [{ pointer: `/${index}`, detail: 'Repeats the connection and day of an earlier row' }];
    seen.add(identity);
    return [];
  });
}

/** In the transaction of the mapping: every touched connection gets a new epoch, and the lines concerned are decided again. */
export async function announceMappingChange(
  tx: EntityManager,
  tenantId: string,
  touchedConnections: Iterable<string>,
  payload: { customerCodes: string[] } | { skus: string[] },
): Promise<void> {
  await appendCommand(tx, 'control', { tenantId, kind: 'mapping-changed', payload });
  for (const connectionId of [...new Set(touchedConnections)].sort()) await raiseEpoch(tx, tenantId, connectionId, 'mapping');
}
