import type { Guard } from '@trueup/contracts';
import { parsePostingWindow } from './posting-window.js';

/** What is wrong with a guard: the member, and what it must be. */
export interface GuardProblem {
  member: 'kind' | 'value' | 'per' | 'unit';
  detail: string;
}

const DECIMAL = /^\d{1,12}(\.\d{1,6})?$/;
const COUNT = /^\d{1,9}$/;

/** Null for a guard that can be applied. Values: units, per cent, zeroes a run, releases a day, or days and hours. */
export function guardProblem({ kind, value, per, unit }: Guard): GuardProblem | null {
  const bad = (detail: string): GuardProblem => ({ member: 'value', detail });
  if (kind === 'window')
    return parsePostingWindow(value) ? null : bad('Must name days and hours, e.g. "Mon-Fri 08:00-18:00; Sat 09:00-12:00"');
  if (kind === 'max-zeroes' || kind === 'write-budget')
    return COUNT.test(value) ? null : bad('Must be a whole number, e.g. "50"');
  if (!DECIMAL.test(value)) return bad('Must be a decimal that is not negative, e.g. "10"');
  if (kind === 'max-change' && per === undefined) return { member: 'per', detail: 'Must be line, customer or run' };
  if ((kind === 'floor' || kind === 'ceiling') && unit === 'percent') return { member: 'unit', detail: 'Must be units' };
  return null;
}
