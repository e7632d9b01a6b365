import { timingSafeEqual } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Principal } from './principal.js';
import type { Reach } from '@trueup/contracts';
import type { SqlRunner } from './sql-runner.js';
import { hashOfToken } from './token-secret.js';

interface TokenRow {
  id: string;
  tenant_id: string;
  label: string;
  secret_hash: Buffer;
  scopes: string[];
  reach: Reach;
  expires_at: Date | null;
  last_used_at: Date | null;
}

interface CacheEntry {
  row: Promise<TokenRow | null>;
  readAtMs: number;
}

const cacheMs = 500; // a deleted token must stop working everywhere within one second
const cacheSize = 10_000;
const lastUsedStepMs = 60_000;

/** Turns a bearer token into its principal. One per process; cheap enough to call for every request. */
export class TokenVerifier {
  readonly #cache = new Map<string, CacheEntry>();

  /** @param now the business clock, which decides about expiry and `lastUsed`. */
  constructor(
    private readonly db: SqlRunner,
    private readonly now: () => Date,
  ) {}

  /**
   * The principal of a secret, or null when it is unknown, deleted or expired.
   * Rejects only when the database is away: then nobody can be let in.
   */
  async verify(secret: string): Promise<Principal | null> {
    const hash = hashOfToken(secret);
    const row = await this.#rowOf(hash);
    if (!row || !timingSafeEqual(row.secret_hash, hash)) return null;
    return row.expires_at !== null && row.expires_at <= this.now() ? null : principalOf(row);
  }

  #rowOf(hash: Buffer): Promise<TokenRow | null> {
    const key = hash.toString('base64');
    const known = this.#cache.get(key);
    if (known && performance.now() - known.readAtMs < cacheMs) return known.row;
    if (this.#cache.size >= cacheSize) this.#cache.clear();
    // The age counts from before the read: what it finds may be deleted while the answer travels.
    const entry = { row: this.#read(hash), readAtMs: performance.now() };
    this.#cache.set(key, entry);
    entry.row.then(
      (row) => row ?? this.#forget(key, entry),
      () => this.#forget(key, entry),
    );
    return entry.row;
  }

  /** Unknown tokens and failed reads are not remembered: the next request asks again. */
  #forget(key: string, entry: CacheEntry): void {
    if (this.#cache.get(key) === entry) this.#cache.delete(key);
  }

  async #read(hash: Buffer): Promise<TokenRow | null> {
    const rows = await this.db.query<TokenRow[]>(
      `select id, tenant_id, label, secret_hash, scopes, reach, expires_at, last_used_at
       from access.token where secret_hash = $1`,
      [hash],
    );
    const row = rows[0];
    if (!row) return null;
    const now = this.now();
    const isStale = row.last_used_at === null || now.getTime() - row.last_used_at.getTime() >= lastUsedStepMs;
    if (isStale) await this.db.query('update access.token set last_used_at = $2 where id = $1', [row.id, now]);
    return row;
  }
}

function principalOf(row: TokenRow): Principal {
  return {
    tokenId: row.id,
    tenantId: row.tenant_id,
    label: row.label,
    scopes: new Set(row.scopes),
    reach: row.reach,
  };
}
