import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import type { ConnectionSecrets, SecretOwner } from './connection-secrets.js';
import { SealBroken } from './envelope.js';
import type { MasterKey } from './master-key.js';

/** What a rotation came to: connections with a new data key, and those whose secrets no key of ours opens. */
export interface RotatedSecrets {
  rotated: number;
  sealed: (SecretOwner & { fault: SealBroken })[];
}

/**
 * Gives every connection whose data key is not wrapped by the newest master key a new data key, and seals its secrets anew. One
 * connection at a time, each in a transaction of its own: readers see the old or the new, and several replicas may do it at once.
 * Afterwards the master keys of before open nothing any more, unless `sealed` names a connection.
 */
export async function rotateSecrets(
  db: DataSource,
  secrets: ConnectionSecrets,
  masterKey: MasterKey,
  at: Date,
): Promise<RotatedSecrets> {
  const result: RotatedSecrets = { rotated: 0, sealed: [] };
  for (const owner of await staleOwners(db, masterKey)) {
    try {
      if (await inTransaction(db, (tx) => secrets.rotate(tx, owner, at))) result.rotated += 1;
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      result.sealed.push({ ...owner, fault: error }); // the others can still be rotated; the caller tells the operator
    }
  }
  return result;
}

async function staleOwners(db: DataSource, masterKey: MasterKey): Promise<SecretOwner[]> {
  const rows = await db.query<{ tenant_id: string; connection_id: string }[]>(
    `select tenant_id, connection_id from access.connection_key where master_key_id <> $1 or version = 0
     order by tenant_id, connection_id`,
    [masterKey.id],
  );
  return rows.map((row) => ({ tenantId: row.tenant_id, connectionId: row.connection_id }));
}
