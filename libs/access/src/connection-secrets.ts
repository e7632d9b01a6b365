import { randomBytes } from 'node:crypto';
import { SealBroken, seal, unseal } from './envelope.js';
import type { MasterKey } from './master-key.js';
import type { SqlRunner } from './sql-runner.js';

/** Whose secrets: part of the encryption's context, so a row copied elsewhere does not open. */
export interface SecretOwner {
  tenantId: string;
  connectionId: string;
}

/** Secrets by connection, and those whose row was moved, altered, or wrapped by another master key. */
export interface RevealedSecrets {
  open: Map<string, Record<string, string>>;
  sealed: Map<string, SealBroken>;
}

interface KeyRow {
  master_key_id: string;
  wrapped_key: Buffer;
}

interface SecretRow extends KeyRow {
  tenant_id: string;
  connection_id: string;
  field: string;
  sealed_value: Buffer;
}

/** PSA credentials under envelope encryption: written by people, opened only for the connectors. */
export class ConnectionSecrets {
  constructor(private readonly masterKey: MasterKey) {}

  /** Sets the named fields and keeps the others; `null` removes one. Run it inside a transaction. */
  async write(tx: SqlRunner, owner: SecretOwner, values: Readonly<Record<string, string | null>>, at: Date): Promise<void> {
    const dataKey = await this.#dataKeyOf(tx, owner, at);
    for (const [field, value] of Object.entries(values)) {
      if (value === null) await removeField(tx, owner, field);
      else await storeField(tx, owner, field, seal(dataKey, Buffer.from(value, 'utf8'), placeOf(owner, field)), at);
    }
  }

  /** Forgets the connection's secrets and their key. */
  async remove(tx: SqlRunner, owner: SecretOwner): Promise<void> {
    await tx.query('delete from access.connection_key where tenant_id = $1 and connection_id = $2', [
      owner.tenantId,
      owner.connectionId,
    ]);
  }

  /** The names of the fields that are set, sorted, per connection; connections without secrets are absent. */
  async fieldsSet(db: SqlRunner, tenantId: string, connectionIds: readonly string[]): Promise<Map<string, string[]>> {
    const rows = await db.query<{ connection_id: string; fields: string[] }[]>(
      `select connection_id, array_agg(field order by field collate "C") as fields
       from access.connection_secret where tenant_id = $1 and connection_id = any($2) group by connection_id`,
      [tenantId, [...connectionIds]],
    );
    return new Map(rows.map((row) => [row.connection_id, row.fields]));
  }

  /** Opens secrets in clear. Only for the answer to a connector's service token. One broken seal leaves the others open. */
  async reveal(db: SqlRunner, connectionIds: readonly string[]): Promise<RevealedSecrets> {
    const rows = await db.query<SecretRow[]>(
      `select s.tenant_id, s.connection_id, s.field, s.sealed_value, k.master_key_id, k.wrapped_key
       from access.connection_secret s join access.connection_key k using (tenant_id, connection_id)
       where s.connection_id = any($1)`,
      [[...connectionIds]],
    );
    const revealed: RevealedSecrets = { open: new Map(), sealed: new Map() };
    for (const [connectionId, fields] of Map.groupBy(rows, (row) => row.connection_id))
      this.#revealOne(revealed, connectionId, fields);
    return revealed;
  }

  #revealOne(revealed: RevealedSecrets, connectionId: string, rows: readonly SecretRow[]): void {
    try {
      revealed.open.set(connectionId, Object.fromEntries(rows.map((row) => [row.field, this.#open(row)])));
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error;
      revealed.sealed.set(connectionId, error); // the caller tells the operator; the connection lacks its secrets
    }
  }

  #open(row: SecretRow): string {
    const owner = { tenantId: row.tenant_id, connectionId: row.connection_id };
    return unseal(this.#unwrap(row, owner), row.sealed_value, placeOf(owner, row.field)).toString('utf8');
  }

  async #dataKeyOf(tx: SqlRunner, owner: SecretOwner, at: Date): Promise<Buffer> {
    const fresh = randomBytes(32);
    const wrapped = this.masterKey.wrap(fresh, keyPlaceOf(owner));
    // The insert also takes the lock: of two first writers one makes the key and the other uses it.
    await tx.query(
      `insert into access.connection_key (tenant_id, connection_id, master_key_id, wrapped_key, created_at)
       values ($1, $2, $3, $4, $5) on conflict (tenant_id, connection_id) do nothing`,
      [owner.tenantId, owner.connectionId, this.masterKey.id, wrapped, at],
    );
    const [row] = await tx.query<KeyRow[]>(
      `select master_key_id, wrapped_key from access.connection_key
       where tenant_id = $1 and connection_id = $2 for update`,
      [owner.tenantId, owner.connectionId],
    );
    return row ? this.#unwrap(row, owner) : fresh;
  }

  #unwrap(row: KeyRow, owner: SecretOwner): Buffer {
    return this.masterKey.unwrap(row.master_key_id, row.wrapped_key, keyPlaceOf(owner));
  }
}

function placeOf(owner: SecretOwner, field: string): string[] {
  return [owner.tenantId, owner.connectionId, field];
}

function keyPlaceOf(owner: SecretOwner): string[] {
  return [owner.tenantId, owner.connectionId];
}

async function removeField(tx: SqlRunner, owner: SecretOwner, field: string): Promise<void> {
  await tx.query('delete from access.connection_secret where tenant_id = $1 and connection_id = $2 and field = $3', [
    owner.tenantId,
    owner.connectionId,
    field,
  ]);
}

async function storeField(tx: SqlRunner, owner: SecretOwner, field: string, sealed: Buffer, at: Date): Promise<void> {
  await tx.query(
    `insert into access.connection_secret (tenant_id, connection_id, field, sealed_value, updated_at)
     values ($1, $2, $3, $4, $5)
     on conflict (tenant_id, connection_id, field)
     do update set sealed_value = excluded.sealed_value, updated_at = excluded.updated_at`,
    [owner.tenantId, owner.connectionId, field, sealed, at],
  );
}
