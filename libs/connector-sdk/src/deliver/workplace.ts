import type { Logger } from '@trueup/service';
import type { Connector } from '../connector/connector.js';
import type { Ledger } from '../ledger/ledger.js';
import type { HeldAccounts } from './held-accounts.js';
import type { SettingsSource } from '../settings/settings-source.js';

/** What every delivery of a process shares. */
export interface Workplace {
  ledger: Ledger;
  held: HeldAccounts;
  connector: Connector;
  settings: SettingsSource;
  logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  now: () => Date;
  /** Whether a lease that was proved at `sinceMs` of performance.now() is surely still this replica's; asked just before a write goes out. */
  isAlive: (sinceMs: number) => boolean;
  /** A pass has got on: something was read, or recorded. */
  onProgress?: () => void;
  /** Real waiting between two looks. */
  wait: (ms: number) => Promise<void>;
}

/** Another replica works on the account now: stop without touching anything. */
export class LeaseLost extends Error {
  constructor() {
    super('another replica has taken over the account');
    this.name = 'LeaseLost';
  }
}

/** Writes of one pass and line; what is left over is due again at once. */
export const MOST_WRITES = 8;
