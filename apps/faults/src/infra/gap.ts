import { setTimeout as wait } from 'node:timers/promises';
import type { FaultRun, Load } from '../fault.js';
import type { BatchAnswer } from '../load/post-batch.js';

/** How ingest looked to a sender while something was away. */
export interface Gap {
  /** From the first try to the answer that took everything. */
  seconds: number;
  /** Every answer before that one. */
  refusals: readonly BatchAnswer[];
}

const BETWEEN_TRIES_MS = 150;

/** Sends `count` new events over and over until they are taken. */
export async function gapOf(load: Load, count: number): Promise<Gap> {
  const events = await load.draw(count);
  const from = performance.now();
  const refusals: BatchAnswer[] = [];
  for (;;) {
    const answer = await load.post(events);
    if (isTaken(answer)) return { seconds: (performance.now() - from) / 1000, refusals };
    refusals.push(answer);
    await wait(BETWEEN_TRIES_MS);
  }
}

/** Sends new events again and again for so long, whatever comes of it; the caller delivers them afterwards. */
export async function triesFor(
  run: FaultRun,
  ms: number,
  count: number,
): Promise<{ answers: BatchAnswer[]; deliver(): Promise<void> }> {
  const { load } = run.main;
  const events = await load.draw(count);
  const answers: BatchAnswer[] = [];
  for (const until = performance.now() + ms; performance.now() < until;) {
    answers.push(await load.post(events));
    await wait(BETWEEN_TRIES_MS);
  }
  return { answers, deliver: () => load.deliver(events) };
}

export const isTaken = ({ status, results }: BatchAnswer): boolean =>
  status >= 200 && status < 300 && results.length > 0 && results.every((each) => each.status !== 'rejected');

/** Whether an answer takes nothing: then the sender still has everything. */
export const takesNothing = ({ status }: BatchAnswer): boolean => status === 0 || status >= 400;

/** Claims that every refusal told the sender to come back, and counts them. */
export function claimPoliteRefusals(run: FaultRun, refusals: readonly BatchAnswer[]): void {
  run.figure('refused', refusals.length);
  const impolite = refusals.filter(({ status, retryAfterMs }) => status !== 503 || !(Number(retryAfterMs) > 0));
  run.claim(`every refusal is a 503 with Retry-After${named(impolite)}`, impolite.length === 0);
}

const named = (answers: readonly BatchAnswer[]): string =>
  answers.length === 0 ? '' : ` (but not ${[...new Set(answers.map(({ status }) => status))].join(', ')})`;
