import { lastLevelOf } from '../connector/schedule.js';
import { isUnsettled, type LedgerWrite, type LineRow } from './line-row.js';

/** Both lines of a remap onto the same record, after it changed hands. */
export interface TakenOver {
  line: LineRow;
  from: LineRow;
}

/** Record, baseline and last level change hands; undefined while the old line wants units or has an unsettled write. Pure. */
export function takeOver(line: LineRow, from: LineRow, fromWrites: readonly LedgerWrite[]): TakenOver | undefined {
  const { baseline, lastLevel } = from;
  const isLetGo = from.isGone || lastLevelOf(from.change.steps) === '0';
  if (!isLetGo || baseline === undefined || fromWrites.some(isUnsettled)) return undefined;
  return {
    line: { ...line, baseline: { ...baseline, handedTo: undefined }, lastLevel },
    from: { ...from, baseline: { ...baseline, handedTo: line.key } },
  };
}
