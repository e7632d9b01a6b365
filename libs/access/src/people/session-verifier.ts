import type { Reach } from '@trueup/contracts';
import type { Principal } from '../principal.js';
import { LAST_USED_STEP_MS, SecretRows } from '../secret-rows.js';
import type { SqlRunner } from '../sql-runner.js';
import { scopesOf } from './roles.js';
import { SESSION_IDLE_MS } from './sessions.js';

interface SessionRow {
  id: string;
  secret_hash: Buffer;
  expires_at: Date;
  last_used_at: Date;
  person_id: string;
  tenant_id: string;
  name: string;
  roles: string[];
  reach: Reach;
}

/** Turns the secret of a session into its principal. One per process; cheap enough to call for every request. */
export class SessionVerifier {
  readonly #rows = new SecretRows<SessionRow>((hash) => this.#read(hash));

  /** @param now the business clock, which decides about expiry. */
  constructor(
    private readonly db: SqlRunner,
    private readonly now: () => Date,
  ) {}

  /** The person's principal, or null when the session is unknown, ended, expired, or was left alone for too long. */
  async verify(secret: string): Promise<Principal | null> {
    const row = await this.#rows.find(secret);
    return !row || this.#isOver(row) ? null : principalOf(row);
  }

  #isOver({ expires_at, last_used_at }: SessionRow): boolean {
    const now = this.now();
    return expires_at <= now || now.getTime() - last_used_at.getTime() >= SESSION_IDLE_MS;
  }

  async #read(hash: Buffer): Promise<SessionRow | null> {
    const rows = await this.db.query<SessionRow[]>(
      `select s.id, s.secret_hash, s.expires_at, s.last_used_at, s.person_id, p.tenant_id, p.name, p.roles, p.reach
       from access.session s join access.person p on p.id = s.person_id where s.secret_hash = $1`,
      [hash],
    );
    const row = rows[0];
    if (!row || this.#isOver(row)) return null;
    const now = this.now();
    if (now.getTime() - row.last_used_at.getTime() < LAST_USED_STEP_MS) return row;
    await this.db.query('update access.session set last_used_at = $2 where id = $1', [row.id, now]);
    return { ...row, last_used_at: now };
  }
}

function principalOf({ id, tenant_id, person_id, name, roles, reach }: SessionRow): Principal {
  const person = { id: person_id, name };
  return { tokenId: id, sessionId: id, tenantId: tenant_id, label: name, person, scopes: new Set(scopesOf(roles)), reach };
}
