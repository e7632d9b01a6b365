import type { Guard, LineTarget } from '@trueup/contracts';
import { targetOf } from './target.model.js';

/** A guard over the whole tenant. */
export const guard = (kind: Guard['kind'], value: string, more: Partial<Guard> = {}): Guard => ({
  id: kind,
  scope: {},
  kind,
  value,
  ...more,
});

/** C1 holds so many units from the first on; `removed` of them went by removals. */
export function holding(
  { tenantId }: { tenantId: string },
  version: number,
  quantity: string,
  removed = '0',
  more: object = {},
): LineTarget {
  const target = targetOf({ tenantId, ...more }, version, [['2026-11-01', quantity]]);
  return { ...target, periods: target.periods.map((period) => ({ ...period, removed })) };
}
