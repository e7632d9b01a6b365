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

const firstVersion = 1;

interface KeyRow {
  version: number;
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
    const { dataKey, version } = await this.#dataKeyOf(tx, owner, at);
    for (const [field, value] of Object.entries(values)) {
      if (value === null) await removeField(tx, owner, field);
      else await storeField(tx, owner, field, seal(dataKey, Buffer.from(value, 'utf8'), placeOf(owner, version, field)), at);
    }
  }

  /**
   * Gives the connection a new data key under the newest master key and seals its secrets anew. Run it inside a transaction: writers
   * wait, readers see all of the old or all of the new. False when somebody else did it already, or the connection has no secrets.
   * @throws SealBroken when a row was moved or altered, or needs a master key that is not here.
   */
  async rotate(tx: SqlRunner, owner: SecretOwner, at: Date): Promise<boolean> {
    const row = await lockKey(tx, owner);
    if (!row || (row.master_key_id === this.masterKey.id && row.version > 0)) return false;
    const sealed = await sealedFieldsOf(tx, owner, row);
    const version = row.version + 1;
    const dataKey = randomBytes(32);
    await tx.query(
      `update access.connection_key set master_key_id = $3, wrapped_key = $4, version = $5, created_at = $6
       where tenant_id = $1 and connection_id = $2`,
      [
        owner.tenantId,
        owner.connectionId,
        this.masterKey.id,
        this.masterKey.wrap(dataKey, keyPlaceOf(owner, version)),
        version,
        at,
      ],
    );
    for (const field of sealed) {
      const value = seal(dataKey, Buffer.from(this.#open(field), 'utf8'), placeOf(owner, version, field.field));
      await storeField(tx, owner, field.field, value, at);
    }
    return true;
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
      `select s.tenant_id, s.connection_id, s.field, s.sealed_value, k.master_key_id, k.wrapped_key, k.version
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
    return unseal(this.#unwrap(row, owner), row.sealed_value, placeOf(owner, row.version, row.field)).toString('utf8');
  }

  async #dataKeyOf(tx: SqlRunner, owner: SecretOwner, at: Date): Promise<{ dataKey: Buffer; version: number }> {
    const fresh = randomBytes(32);
    const wrapped = this.masterKey.wrap(fresh, keyPlaceOf(owner, firstVersion));
    // The insert also takes the lock: of two first writers one makes the key and the other uses it.
    await tx.query(
      `insert into access.connection_key (tenant_id, connection_id, master_key_id, wrapped_key, created_at, version)
       values ($1, $2, $3, $4, $5, $6) on conflict (tenant_id, connection_id) do nothing`,
      [owner.tenantId, owner.connectionId, this.masterKey.id, wrapped, at, firstVersion],
    );
    const row = await lockKey(tx, owner);
    return row ? { dataKey: this.#unwrap(row, owner), version: row.version } : { dataKey: fresh, version: firstVersion };
  }

  #unwrap(row: KeyRow, owner: SecretOwner): Buffer {
    return this.masterKey.unwrap(row.master_key_id, row.wrapped_key, keyPlaceOf(owner, row.version));
  }
}

/** Version 0 is from before there were versions: its context had none. */
function placeOf(owner: SecretOwner, version: number, field: string): string[] {
  return [owner.tenantId, owner.connectionId, field, ...(version > 0 ? [`v${version}`] : [])];
}

function keyPlaceOf(owner: SecretOwner, version: number): string[] {
  return [owner.tenantId, owner.connectionId, ...(version > 0 ? [`v${version}`] : [])];
}

async function lockKey(tx: SqlRunner, owner: SecretOwner): Promise<KeyRow | undefined> {
  const rows = await tx.query<KeyRow[]>(
    `select master_key_id, wrapped_key, version from access.connection_key
     where tenant_id = $1 and connection_id = $2 for update`,
    [owner.tenantId, owner.connectionId],
  );
  return rows[0];
}

async function sealedFieldsOf(tx: SqlRunner, owner: SecretOwner, key: KeyRow): Promise<SecretRow[]> {
  const rows = await tx.query<Omit<SecretRow, keyof KeyRow>[]>(
    `select tenant_id, connection_id, field, sealed_value from access.connection_secret
     where tenant_id = $1 and connection_id = $2`,
    [owner.tenantId, owner.connectionId],
  );
  return rows.map((row) => ({ ...row, ...key }));
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
