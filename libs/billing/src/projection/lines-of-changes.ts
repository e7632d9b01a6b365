import { type Holding, movementsOf, type RowChange } from '@trueup/domain';
import type { HoldingChange } from './derive-holdings.js';
import type { LineRef } from './line-rows.js';

/** The lines on either side of changed rows. */
export function linesOf(changes: readonly HoldingChange[]): LineRef[] {
  return changes.flatMap(({ tenantId, before, after }) =>
    [before, after].flatMap((row) => (row === undefined || row.lineKey === null ? [] : [lineOf(tenantId, row, row.lineKey)])),
  );
}

/** How the rows of each line moved, by line key. */
export function movesOf(changes: readonly HoldingChange[]): Map<string, RowChange[]> {
  const moves = new Map<string, RowChange[]>();
  for (const { before, after } of changes) {
    for (const lineKey of new Set([before?.lineKey, after?.lineKey])) {
      if (!lineKey) continue;
      const move = { before: movesOn(lineKey, before), after: movesOn(lineKey, after) };
      const known = moves.get(lineKey);
      if (known === undefined) moves.set(lineKey, [move]);
      else known.push(move);
    }
  }
  return moves;
}

const movesOn = (lineKey: string, row: Holding | undefined) =>
  row !== undefined && row.lineKey === lineKey && row.billable ? movementsOf(row) : [];

/** Each line once. */
export const distinctLines = (lines: readonly LineRef[]): LineRef[] => [
  ...new Map(lines.map((line) => [line.lineKey, line])).values(),
];

function lineOf(tenantId: string, { identity, sku, term, billingPlan, siteCode }: Holding, lineKey: string): LineRef {
  return { tenantId, lineKey, customerCode: identity.customerCode, sku, term, billingPlan, siteCode };
}
