import type { Problem } from '@trueup/contracts';
import type { Verdict } from './judge-events.js';

/** The answer per event of `POST /v1/events`. */
export interface EventResult {
  index: number;
  /** Absent when the event has no readable id. */
  id?: string;
  status: Verdict['status'];
  problem?: Omit<Problem, 'status'>;
}

export interface IngestAnswer {
  accepted: number;
  duplicate: number;
  rejected: number;
  results: EventResult[];
}

const LONGEST_ECHO = 256;

/** Counts and results in the order of the request. */
export function toAnswer(verdicts: readonly Verdict[]): IngestAnswer {
  const answer: IngestAnswer = { accepted: 0, duplicate: 0, rejected: 0, results: [] };
  verdicts.forEach((verdict, index) => {
    answer[verdict.status] += 1;
    answer.results.push(toResult(verdict, index));
  });
  return answer;
}

/** 202 all accepted or duplicate, 422 none, 207 mixed. */
export function statusOf({ accepted, duplicate, rejected }: IngestAnswer): number {
  if (rejected === 0) return 202;
  return accepted + duplicate === 0 ? 422 : 207;
}

function toResult(verdict: Verdict, index: number): EventResult {
  if (verdict.status !== 'rejected') return { index, id: verdict.event.id, status: verdict.status };
  const id = readableId(verdict.input);
  return { index, ...(id !== undefined && { id }), status: 'rejected', problem: verdict.problem };
}

/** The id as it was sent, so that the sender finds its event; cut, since it may be the fault. */
function readableId(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !Object.hasOwn(input, 'id')) return undefined;
  const { id } = input as { id: unknown };
  return typeof id === 'string' ? id.slice(0, LONGEST_ECHO) : undefined;
}
