import { parseEvent } from '@trueup/contracts';
import { bad, type Draft } from './draft.js';
import type { EventFile } from './event-file.js';
import type { Sending } from './send-file.js';

/** Judges every line by the same rules as ingest, without sending any; what only the service knows (reach, repeats) is not looked at. */
export async function checkFile(
  file: EventFile,
  now: Date,
  onReject: NonNullable<Sending['onReject']>,
): Promise<{ sound: number; rejected: number }> {
  const counts = { sound: 0, rejected: 0 };
  for await (const piece of file.pieces(0, 1)) {
    const draft = judged(file.draft(piece), now);
    if (draft.kind === 'event') counts.sound += 1;
    if (draft.kind !== 'bad') continue;
    counts.rejected += 1;
    onReject({ line: piece.line, problem: draft.problem });
  }
  return counts;
}

function judged(draft: Draft, now: Date): Draft {
  if (draft.kind !== 'event') return draft;
  const parsed = parseEvent(draft.value, now);
  return 'errors' in parsed ? bad('validation-failed', parsed.errors) : draft;
}
