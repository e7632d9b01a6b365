import type { ConnectionSettings, PlainDate, QuantityChange, Step } from '@trueup/connector-sdk';
import type { HeldUnits } from './read-units.js';
import type { WantedStep } from './wanted-units.js';
import type { WriteDays } from './write-days.js';

/** What one look at a line has to decide with. */
export interface UnitPlan {
  change: QuantityChange;
  held: HeldUnits;
  steps: readonly Step[];
  /** As it should be billed. */
  meant: readonly WantedStep[];
  /** As it may be written. */
  wanted: readonly WantedStep[];
  days: WriteDays;
  today: PlainDate;
  sameDateChanges: ConnectionSettings['sameDateChanges'];
}
