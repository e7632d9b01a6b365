import type { Reach } from '@trueup/contracts';
import { rightsOfToken } from './people/effective-rights.js';
import type { Principal } from './principal.js';
import { LAST_USED_STEP_MS, SecretRows } from './secret-rows.js';
import type { SqlRunner } from './sql-runner.js';

interface TokenRow {
  id: string;
  tenant_id: string;
  label: string;
  secret_hash: Buffer;
  scopes: string[];
  reach: Reach;
  expires_at: Date | null;
  last_used_at: Date | null;
  person: { id: string; name: string; roles: string[]; reach: Reach } | null;
}

/** Turns a bearer token into its principal. One per process; cheap enough to call for every request. */
export class TokenVerifier {
  readonly #rows = new SecretRows<TokenRow>((hash) => this.#read(hash));

  /** @param now the business clock, which decides about expiry and `lastUsed`. */
  constructor(
    private readonly db: SqlRunner,
    private readonly now: () => Date,
  ) {}

  /**
   * The principal of a secret, or null when it is unknown, deleted or expired. A person's token may do what its person may, and no
   * more. Rejects only when the database is away: then nobody can be let in.
   */
  async verify(secret: string): Promise<Principal | null> {
    const row = await this.#rows.find(secret);
    if (!row) return null;
    return row.expires_at !== null && row.expires_at <= this.now() ? null : principalOf(row);
  }

  async #read(hash: Buffer): Promise<TokenRow | null> {
    const rows = await this.db.query<TokenRow[]>(
      `select t.id, t.tenant_id, t.label, t.secret_hash, t.scopes, t.reach, t.expires_at, t.last_used_at,
         case when p.id is not null
           then jsonb_build_object('id', p.id, 'name', p.name, 'roles', to_jsonb(p.roles), 'reach', p.reach) end as person
       from access.token t left join access.person p on p.id = t.person_id where t.secret_hash = $1`,
      [hash],
    );
    const row = rows[0];
    if (!row) return null;
    const now = this.now();
    const isStale = row.last_used_at === null || now.getTime() - row.last_used_at.getTime() >= LAST_USED_STEP_MS;
    if (isStale) await this.db.query('update access.token set last_used_at = $2 where id = $1', [row.id, now]);
    return row;
  }
}

function principalOf(row: TokenRow): Principal {
  const { scopes, reach } = rightsOfToken(row, row.person);
  return {
    tokenId: row.id,
    tenantId: row.tenant_id,
    label: row.label,
    ...(row.person && { person: { id: row.person.id, name: row.person.name } }),
    scopes: new Set(scopes),
    reach,
  };
}
