import type { Guard, PlainDate, Quantity } from '@trueup/contracts';
import { compareQuantities, subtractQuantities } from '../../quantity-math.js';

/** What guards look at: an agreement line's quantity when the run began, and the one that it is to have. */
export interface CountedLine {
  agreementLineKey: string;
  connectionId: string;
  billingIdentifier: string;
  sku: string;
  customerCodes: readonly string[];
  opening: Quantity;
  level: Quantity;
  /** The most that was released in this run, at least `opening`: what is lost is counted from there. */
  highest: Quantity;
  /** Units that removal or deprovision events took away in this run, or a mapping moved elsewhere. */
  explained: Quantity;
}

/** Why a line must not be written before a person lets it pass. */
export interface Trip {
  code: 'GUARD_TRIPPED' | 'PERIOD_EMPTY' | 'HELD';
  message: string;
}

/** Units removed per period, so far. */
export type RemovedUnits = Readonly<Record<PlainDate, Quantity>>;

/** Units that removals took away between two looks, over all periods of the later one. */
export function removedSince(before: RemovedUnits, now: RemovedUnits): Quantity[] {
  return Object.entries(now).map(([period, units]) => atLeastZero(subtractQuantities(units, before[period] ?? '0')));
}

/** Whether the guard is about the line: every member of its scope fits. */
export function isInScope({ scope }: Guard, line: Omit<CountedLine, 'opening' | 'level' | 'highest' | 'explained'>): boolean {
  const fits = (wanted: string | undefined, found: string): boolean => wanted === undefined || wanted === found;
  return (
    fits(scope.connectionId, line.connectionId) &&
    fits(scope.agreementLineKey, line.agreementLineKey) &&
    fits(scope.sku, line.sku) &&
    (scope.customerCode === undefined || line.customerCodes.includes(scope.customerCode))
  );
}

/** Units that went without an event or a mapping behind them. */
export function unexplainedUnits({ highest, level, explained }: CountedLine): Quantity {
  return atLeastZero(subtractQuantities(subtractQuantities(highest, level), explained));
}

/** The units themselves, or "0" when they are negative. */
export function atLeastZero(units: Quantity): Quantity {
  return compareQuantities(units, '0') < 0 ? '0' : units;
}
