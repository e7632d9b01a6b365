import { type Guard, type Quantity, toQuantity } from '@trueup/contracts';
import { Decimal } from 'decimal.js';
import { compareQuantities, subtractQuantities, sumQuantities } from '../../quantity-math.js';
import type { CountedLine } from './counted-line.js';

const Exact = Decimal.clone({ precision: 100 });

/** Whether units are above a guard's limit. A percentage of nothing is never above it: what is new has its own guards. */
export function isAboveLimit({ unit, value }: Pick<Guard, 'unit' | 'value'>, units: Quantity, of: Quantity): boolean {
  if (unit !== 'percent') return compareQuantities(units, toQuantity(value)) > 0;
  return compareQuantities(of, '0') > 0 && new Exact(units).times(100).greaterThan(new Exact(of).times(value));
}

/** The limit as people read it. */
export function wordsOfLimit({ unit, value }: Pick<Guard, 'unit' | 'value'>): string {
  return unit === 'percent' ? `${value} %` : `${value} units`;
}

/** Units by which a line goes up or down in the run. */
export function changeOf({ opening, level }: CountedLine): Quantity {
  const change = subtractQuantities(level, opening);
  return change.startsWith('-') ? change.slice(1) : change;
}

/** Changes of several lines in sum, and what they had when the run began. */
export function changeOfAll(lines: readonly CountedLine[]): { units: Quantity; of: Quantity } {
  return { units: sumQuantities(lines.map(changeOf)), of: sumQuantities(lines.map((line) => line.opening)) };
}
