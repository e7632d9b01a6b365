import type { Holding } from '@trueup/domain';
import type { HoldingChange } from './derive-holdings.js';
import type { LineRef } from './line-rows.js';

/** The lines on either side of changed rows. */
export function linesOf(changes: readonly HoldingChange[]): LineRef[] {
  return changes.flatMap(({ tenantId, before, after }) =>
    [before, after].flatMap((row) => (row === undefined || row.lineKey === null ? [] : [lineOf(tenantId, row, row.lineKey)])),
  );
}

/** Each line once. */
export const distinctLines = (lines: readonly LineRef[]): LineRef[] => [
  ...new Map(lines.map((line) => [line.lineKey, line])).values(),
];

function lineOf(tenantId: string, { identity, sku, term, billingPlan, siteCode }: Holding, lineKey: string): LineRef {
  return { tenantId, lineKey, customerCode: identity.customerCode, sku, term, billingPlan, siteCode };
}
