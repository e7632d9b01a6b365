import { type LineTarget, type Step, lineKeyOf } from '@trueup/contracts';

export interface LineOf {
  tenantId: string;
  customerCode?: string;
  sku?: string;
  term?: string;
}

export const NOVEMBER = { id: '2026-11-30', start: '2026-11-01', end: '2026-12-01', state: 'open' } as const;

/** A target whose level rises step by step in November: `[day, quantity]`. */
export function targetOf(
  line: LineOf,
  targetVersion: number,
  changes: [string, string][],
  more: Partial<LineTarget> = {},
): LineTarget {
  const { tenantId, customerCode = 'C1', sku = 'E3', term = '' } = line;
  const identity = { tenantId, customerCode, sku, term, billingPlan: '', siteCode: '' };
  const steps = [{ from: '2026-11-01', quantity: '0' }, ...changes.map(([from, quantity]) => ({ from, quantity }))];
  return {
    ...identity,
    lineKey: lineKeyOf(identity),
    payers: [{ from: '0001-01-01', billedBy: 'provider' }],
    targetVersion,
    endOfSet: true,
    periods: [
      { ...NOVEMBER, present: '0', peak: '0', removed: '0', steps: steps.slice(changes[0]?.[0] === '2026-11-01' ? 1 : 0) },
    ],
    changed: { from: '2026-11-23', previousQuantity: '0', quantity: '1' },
    causes: [],
    causeCount: 0,
    ...more,
  };
}

/** A schedule as texts, for reading. */
export const levels = (steps: readonly Step[]): string[] => steps.map((step) => `${step.from} ${step.quantity}`);
