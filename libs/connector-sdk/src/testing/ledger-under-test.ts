import type { Outcome } from '@trueup/contracts';
import type { Ledger } from '../ledger/ledger.js';
import type { LedgerWrite, LineRow } from '../ledger/line-row.js';
import { MemoryLedger } from '../ledger/memory-ledger.js';

/** A ledger and what a spec may see of it. */
export interface LedgerUnderTest {
  ledger: Ledger;
  outcomes(): Promise<Outcome[]>;
  writes(key: string): Promise<readonly LedgerWrite[]>;
  line(key: string): Promise<LineRow | undefined>;
  /** Another replica takes the account, as if this one had been silent for too long. */
  loseLease(account: string): Promise<void>;
}

export const PACE = { quietMs: 250, longestMs: 1_000 };

export function memoryLedgerUnderTest(connectionId: string): LedgerUnderTest {
  const ledger = new MemoryLedger(PACE);
  return {
    ledger,
    outcomes: async () => ledger.outcomes.filter((outcome) => outcome.connectionId === connectionId),
    writes: async (key) => ledger.writes(connectionId, key),
    line: async (key) => ledger.line(connectionId, key),
    loseLease: async (account) => ledger.loseLease(connectionId, account),
  };
}
