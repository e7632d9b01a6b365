import type { Cause, Quantity } from '@trueup/contracts';
import { subtractQuantities } from '../quantity-math.js';
import type { Holding } from '../rows/holding.js';
import { type Movement, movementsOf } from '../rows/movements-of.js';

/**
 * What makes a row of a line differ between two folds of its assignment: movements that are new, and, reversed, those that are gone
 * (reason `superseded`: an earlier or later event tells it otherwise now). The deltas sum to the difference of the last levels.
 * `undefined`: the row did not or does not exist. `type` is the cause code.
 */
export function causesOf(before: Holding | undefined, after: Holding | undefined, userName?: string): Cause[] {
  const gone = movementsOfRow(before);
  const fresh = movementsOfRow(after).filter((movement) => !takeEqual(gone, movement));
  const userCode = (after ?? before)?.identity.userCode ?? '';
  const user = userCode === '' ? {} : { userCode, ...(userName !== undefined && { userName }) };
  return [
    ...gone.map((movement) => ({ ...toCause(movement, subtractQuantities('0', movement.delta)), ...user, reason: 'superseded' })),
    ...fresh.map((movement) => ({ ...toCause(movement, movement.delta), ...user })),
  ];
}

function movementsOfRow(row: Holding | undefined): Movement[] {
  return row === undefined || !row.billable ? [] : movementsOf(row);
}

function takeEqual(movements: Movement[], wanted: Movement): boolean {
  const index = movements.findIndex(
    ({ at, delta, code, eventId }) =>
      at === wanted.at && delta === wanted.delta && code === wanted.code && eventId === wanted.eventId,
  );
  if (index >= 0) movements.splice(index, 1);
  return index >= 0;
}

function toCause({ at, code, eventId, actor }: Movement, delta: Quantity): Cause {
  const reason = code === 'REMAP' ? { reason: 'catalogue' } : {};
  return { eventId, type: code, delta, actor, occurredAt: at, ...reason };
}
