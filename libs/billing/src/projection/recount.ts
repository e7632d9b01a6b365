import type { Cause } from '@trueup/contracts';
import type { CustomerState, RowChange } from '@trueup/domain';
import type { LineRef } from './line-rows.js';
import type { ProjectionContext } from './projection-context.js';

/** What a recount of lines needs besides the rows in the database. */
export interface Recount {
  lines: readonly LineRef[];
  context: ProjectionContext;
  /** By customer id; the locked customers of the lines. */
  customers: ReadonlyMap<string, CustomerState>;
  /** By line key. */
  causes: ReadonlyMap<string, readonly Cause[]>;
  /** How rows moved since the lines were last counted, by line key; absent when that is not known, and all rows have to be counted. */
  moved?: ReadonlyMap<string, readonly RowChange[]>;
  /** W3C trace headers by event id. */
  traces: ReadonlyMap<string, Record<string, string>>;
}
