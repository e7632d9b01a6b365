import type { InternalConnection } from '@trueup/contracts';

/** The settings of this kind's connections, as last read. Without a fresh reading nothing may be sent. */
export interface SettingsSource {
  find(connectionId: string): InternalConnection | undefined;
  /** Whether the reading is younger than a lease. */
  isFresh(): boolean;
  /** Something newer than the last reading is known to exist: read again soon. */
  hurry(): void;
}
