import type { OutcomeKind } from '@trueup/contracts';
import type { Refusal } from '../connector/connector.js';
import type { ClaimedLine } from '../ledger/ledger.js';
import { aDayLater, later } from './due-times.js';
import type { Barred } from './gate.js';
import { outcomeOf } from './outcome-of.js';
import type { Workplace } from './workplace.js';

/** Lines that cannot be worked on now: told once, asked again later. A line that another replica has taken is left alone. */
export async function deferLines(place: Workplace, lines: readonly ClaimedLine[], barred: Barred): Promise<void> {
  const now = place.now();
  const { code, message, waitsOn, afterMs, isPassing } = barred;
  if (isPassing === true) place.settings.hurry();
  for (const line of lines) {
    const outcome = isPassing === true ? undefined : outcomeOf(line, { kind: 'deferred', code, message }, now);
    await place.ledger.record(line, { outcome, next: { dueAt: later(now, afterMs), waitsOn } });
    place.onProgress?.();
  }
}

/** A line that was refused before it could be read. */
export async function refuseLine(place: Workplace, line: ClaimedLine, refusal: Refusal): Promise<void> {
  const now = place.now();
  const { refused: code, message, candidates } = refusal;
  const isClaim = code === 'LINE_CLAIMED_TWICE';
  const kind: OutcomeKind = isClaim ? 'held' : 'rejected';
  const outcome = outcomeOf(line, { kind, code, message, candidates }, now);
  await place.ledger.record(line, { outcome, next: isClaim ? 'done' : { dueAt: aDayLater(now), waitsOn: 'date' } });
}
