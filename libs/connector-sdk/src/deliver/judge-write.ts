import type { QuantityChange, Step } from '@trueup/contracts';
import { isSameFrom } from '../connector/schedule.js';
import type { LedgerWrite } from '../ledger/line-row.js';
import { isVouchedFor } from './judge-start.js';

export interface WriteLook {
  write: LedgerWrite;
  change: QuantityChange;
  held: readonly Step[] | 'unreadable';
  /** For an unreadable line: whether a record is there that was not there before. */
  isNewRecordThere: boolean;
  now: Date;
  settleMs: number;
}

/**
 * `confirmed`: the PSA shows what the write must leave. `pending`: it still shows what was before; look again. `not-executed`: it showed
 * that for longer than the PSA may still be executing. `person`: acknowledged, yet not there. `disputed`: it shows neither.
 * `vouched`: a person says that what it shows is right.
 */
export type WriteVerdict = 'confirmed' | 'pending' | 'not-executed' | 'person' | 'disputed' | 'vouched';

/** Decides about an unsettled write by what the PSA holds; pure. */
export function judgeWrite(look: WriteLook): WriteVerdict {
  const { write, held } = look;
  if (held === 'unreadable') return judgeUnreadable(look);
  const { before, after, effectiveDate } = write.write;
  if (isSameFrom(held, after, effectiveDate)) return 'confirmed';
  const isAsBefore = isSameFrom(held, before, effectiveDate);
  if (isAsBefore && !isSettleTimeOver(look)) return 'pending';
  if (isVouchedSince(look, held)) return 'vouched';
  if (write.state === 'disputed' || !isAsBefore) return 'disputed';
  return write.state === 'acknowledged' ? 'person' : 'not-executed';
}

/** What a person vouched for before the write was made says nothing about what came of it. */
function isVouchedSince(look: WriteLook, held: readonly Step[]): boolean {
  return isVouchNewer(look) && isVouchedFor(look.change, held, look.write.write.effectiveDate);
}

function isVouchNewer({ write, change }: WriteLook): boolean {
  return (change.acceptFound?.since ?? change.version) > write.version;
}

function judgeUnreadable(look: WriteLook): WriteVerdict {
  if (look.write.state === 'acknowledged' || look.isNewRecordThere) return 'confirmed';
  if (look.change.acceptFound !== undefined && isVouchNewer(look)) return 'vouched';
  return isSettleTimeOver(look) ? 'person' : 'pending';
}

/** Counted from the answer, or from the intent when none was recorded: until then the PSA may still be executing. */
function isSettleTimeOver({ write, now, settleMs }: WriteLook): boolean {
  return now.getTime() - (write.answeredAt ?? write.intendedAt).getTime() >= settleMs;
}
