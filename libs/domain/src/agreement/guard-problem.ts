import type { Guard } from '@trueup/contracts';

/** What is wrong with a guard: the member, and what it must be. */
export interface GuardProblem {
  member: 'value' | 'per' | 'unit';
  detail: string;
}

const DECIMAL = /^\d{1,12}(\.\d{1,6})?$/;
const COUNT = /^\d{1,9}$/;
const WINDOW = /^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$/;

/** Null for a guard that can be applied. Values: units, per cent, zeroes a run, `HH:MM-HH:MM` in the tenant's time, or writes a day. */
export function guardProblem({ kind, value, per, unit }: Guard): GuardProblem | null {
  const bad = (detail: string): GuardProblem => ({ member: 'value', detail });
  if (kind === 'window') return WINDOW.test(value) ? null : bad('Must be a time of day from and to, e.g. 20:00-06:00');
  if (kind === 'max-zeroes' || kind === 'write-budget')
    return COUNT.test(value) ? null : bad('Must be a whole number, e.g. "50"');
  if (!DECIMAL.test(value)) return bad('Must be a decimal that is not negative, e.g. "10"');
  if (kind === 'max-change' && per === undefined) return { member: 'per', detail: 'Must be line, customer or run' };
  if ((kind === 'floor' || kind === 'ceiling') && unit === 'percent') return { member: 'unit', detail: 'Must be units' };
  return null;
}
