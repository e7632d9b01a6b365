import type { ClaimedLine } from '../ledger/ledger.js';

/**
 * The accounts that passes of this process work on. What the ledger leases to us beyond these is left over: the database went away before
 * a pass could give its accounts back, or before we heard of a claim. Nobody else may take them as long as we live, so we must.
 */
export class HeldAccounts {
  readonly #held = new Map<string, Set<string>>();
  readonly #lastClaims = new Map<string, Promise<unknown>>();

  /** Claims of a connection go one after the other: none takes for left over what another one has just got. */
  claim(connectionId: string, claim: (held: readonly string[]) => Promise<ClaimedLine[]>): Promise<ClaimedLine[]> {
    const earlier = this.#lastClaims.get(connectionId) ?? Promise.resolve();
    const claimed = earlier.then(() => this.#take(connectionId, claim));
    this.#lastClaims.set(
      connectionId,
      claimed.catch(() => undefined), // whoever asked hears of it
    );
    return claimed;
  }

  /** The pass is over, and the ledger was told so, or could not be. */
  drop(connectionId: string, accounts: Iterable<string>): void {
    const held = this.#of(connectionId);
    for (const account of accounts) held.delete(account);
  }

  async #take(connectionId: string, claim: (held: readonly string[]) => Promise<ClaimedLine[]>): Promise<ClaimedLine[]> {
    const held = this.#of(connectionId);
    const lines = await claim([...held]);
    for (const { account } of lines) held.add(account);
    return lines;
  }

  #of(connectionId: string): Set<string> {
    const held = this.#held.get(connectionId) ?? new Set();
    this.#held.set(connectionId, held);
    return held;
  }
}
