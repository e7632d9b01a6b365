import { inOneLine } from '../output/terminal.js';
import type { LineProblem } from './draft.js';
import type { BatchFate, EventResult } from './ingest-client.js';

/** What became of one event. */
export type EventFate = { status: 'accepted' | 'duplicate' } | { status: 'rejected'; problem: LineProblem };

/**
 * Sends events as one request. When the body as a whole is refused, its halves are sent instead, down to the event that causes it: one
 * unreadable event must not hold up its neighbours. Fates come in the order of the events.
 */
export async function sendSplit(
  send: (events: readonly string[]) => Promise<BatchFate>,
  events: readonly string[],
): Promise<EventFate[]> {
  const fate = await send(events);
  if ('results' in fate) return fate.results.toSorted((a, b) => a.index - b.index).map(fateOf);
  const { code, title, detail, errors } = fate.refused;
  if (events.length === 1) return [{ status: 'rejected', problem: { code, title, detail: detail && inOneLine(detail), errors } }];
  const middle = Math.ceil(events.length / 2);
  const first = await sendSplit(send, events.slice(0, middle));
  return [...first, ...(await sendSplit(send, events.slice(middle)))];
}

function fateOf({ status, problem }: EventResult): EventFate {
  if (status !== 'rejected') return { status };
  return { status, problem: (problem ?? { code: 'rejected', title: 'Rejected' }) as LineProblem };
}
