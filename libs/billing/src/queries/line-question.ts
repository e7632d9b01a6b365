import type { Reach } from '@trueup/contracts';
import type { FoundPeriod } from './period-reference.js';

/** Narrows a list of lines. */
export interface LineFilters {
  customer?: string;
  sku?: string;
}

/** Whose lines, of which period. */
export interface LineQuery {
  tenantId: string;
  reach: Reach;
  period: FoundPeriod;
  filters: LineFilters;
}
