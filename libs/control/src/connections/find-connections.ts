import type { SqlRunner } from '../sql-runner.js';
import { type StoredConnection, connectionColumns, toStoredConnection } from './stored-connection.js';

/** One connection of the tenant, or null when there is none (any more). */
export async function findConnection(db: SqlRunner, tenantId: string, id: string): Promise<StoredConnection | null> {
  const rows = await db.query<StoredConnection[]>(
    `select ${connectionColumns} from control.connection where tenant_id = $1 and id = $2 and deleted_at is null`,
    [tenantId, id],
  );
  return rows[0] ? toStoredConnection(rows[0]) : null;
}

/** The tenant's connections, oldest first, those after the id `after`. Default limit: all. */
export async function listConnections(
  db: SqlRunner,
  tenantId: string,
  page: { after?: string; limit?: number } = {},
): Promise<StoredConnection[]> {
  const rows = await db.query<StoredConnection[]>(
    `select ${connectionColumns} from control.connection
     where tenant_id = $1 and deleted_at is null and id collate "C" > $2 order by id collate "C" limit $3`,
    [tenantId, page.after ?? '', page.limit ?? null],
  );
  return rows.map(toStoredConnection);
}

/** All connections of one kind, whoever's they are: for the connector that a service token names. */
export async function connectionsOfKind(db: SqlRunner, kind: string): Promise<StoredConnection[]> {
  const rows = await db.query<StoredConnection[]>(
    `select ${connectionColumns} from control.connection where kind = $1 and deleted_at is null order by id collate "C"`,
    [kind],
  );
  return rows.map(toStoredConnection);
}

/** Every tenant that has a connection. */
export async function tenantsWithConnections(db: SqlRunner): Promise<string[]> {
  const rows = await db.query<{ tenantId: string }[]>(
    'select distinct tenant_id as "tenantId" from control.connection where deleted_at is null order by 1',
  );
  return rows.map((row) => row.tenantId);
}
