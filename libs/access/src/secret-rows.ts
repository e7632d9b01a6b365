import { timingSafeEqual } from 'node:crypto';
import { BriefCache } from './brief-cache.js';
import { hashOfToken } from './token-secret.js';

/** How often the use of a token or session is noted, at most. */
export const LAST_USED_STEP_MS = 60_000;

/** Finds what a secret opens by its hash, and remembers it for as long as a `BriefCache` does. */
export class SecretRows<Row extends { secret_hash: Buffer }> {
  readonly #cache = new BriefCache<Row>();

  constructor(private readonly read: (hash: Buffer) => Promise<Row | null>) {}

  /** The row of a secret, or null when there is none. */
  async find(secret: string): Promise<Row | null> {
    const hash = hashOfToken(secret);
    const row = await this.#cache.get(hash.toString('base64'), () => this.read(hash));
    return row && timingSafeEqual(row.secret_hash, hash) ? row : null;
  }
}
