import type { Quantity } from '@trueup/contracts';
import type { Movement } from '../rows/movements-of.js';

/** The movements of one billable row of a line before and after it was derived again; empty where there is no row. */
export interface RowChange {
  before: readonly Movement[];
  after: readonly Movement[];
}

/** A movement that came to a line, with its instant in epoch ms. */
export interface NewMovement {
  atMs: number;
  delta: Quantity;
  ends: boolean;
}

/** What the rows' movements have grown by, ascending; null when one of them is gone, changed, or not behind the instant (epoch ms). */
export function newMovementsOf(changes: readonly RowChange[], afterMs: number): NewMovement[] | null {
  const fresh: NewMovement[] = [];
  for (const { before, after } of changes) {
    if (!before.every((movement, index) => isSameMovement(movement, after[index]))) return null;
    for (let index = before.length; index < after.length; index++) fresh.push(timed(after[index]!));
  }
  return fresh.every(({ atMs }) => atMs > afterMs) ? fresh.sort((a, b) => a.atMs - b.atMs) : null;
}

const timed = ({ at, delta, ends }: Movement): NewMovement => ({ atMs: Date.parse(at), delta, ends });

function isSameMovement(a: Movement, b: Movement | undefined): boolean {
  return b !== undefined && a.at === b.at && a.delta === b.delta && a.ends === b.ends;
}
