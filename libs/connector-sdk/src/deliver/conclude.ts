import type { OutcomeKind, ShiftedDays } from '@trueup/contracts';
import type { Refusal } from '../connector/connector.js';
import type { LedgerWrite } from '../ledger/line-row.js';
import { aDayLater } from './due-times.js';
import type { LineDesk } from './line-desk.js';
import { wordsOfWrite } from './outcome-of.js';

/** The line is as it should be: tells of every confirmed write that was not told yet, or that nothing was to be done. */
export async function concludeDone(desk: LineDesk, shifted?: readonly ShiftedDays[]): Promise<void> {
  const untold = desk.untold();
  if (untold.length === 0) {
    return desk.conclude({ kind: 'unchanged', code: 'LINE_UNCHANGED', message: messageOf(shifted), shifted }, 'done');
  }
  const message = untold.map((each) => wordsOfWrite(each.write)).join('; ');
  await desk.conclude({ ...kindOf(untold), message, shifted }, 'done');
}

function messageOf(shifted: readonly ShiftedDays[] = []): string {
  if (shifted.length === 0) return 'The PSA holds what it should';
  const days = shifted.map(({ units, wanted, taken }) => `${units} from ${wanted} to ${taken}`).join(', ');
  return `The PSA holds what it should, but for days that are listed as a correction: ${days}`;
}

function kindOf(writes: readonly LedgerWrite[]): { kind: OutcomeKind; code: LedgerWrite['write']['code'] } {
  if (writes.some((each) => each.write.code === 'LINE_CREATED')) return { kind: 'created', code: 'LINE_CREATED' };
  if (writes.at(-1)?.write.code === 'LINE_ZEROED') return { kind: 'zeroed', code: 'LINE_ZEROED' };
  return { kind: 'delivered', code: 'LINE_UPDATED' };
}

/** Parks the line until a new version; what a person may mend in the PSA is looked at again the next day. */
export async function refuse(desk: LineDesk, refusal: Refusal): Promise<void> {
  const { refused: code, message, candidates } = refusal;
  if (code === 'LINE_CLAIMED_TWICE') return desk.conclude({ kind: 'held', code, message }, 'done');
  const dueAt = aDayLater(desk.place.now());
  await desk.conclude({ kind: 'rejected', code, message, candidates }, { dueAt, waitsOn: 'date' });
}
