import { problem, type Problem, type ProblemCode } from '@trueup/contracts';

/** Seconds after which a sender may try again when a part of ours was away. */
const RETRY_AFTER_SECONDS = 2;

/** A refusal of the whole request: an expected answer, not an error. */
export interface Refusal {
  problem: Problem & { status: number };
  headers: Record<string, string>;
}

/** Builds a refusal; 401 names the scheme, 503 says when to come back. */
export function refuse(code: ProblemCode, detail: string, errors?: Problem['errors']): Refusal {
  const refused = problem(code, errors ? { detail, errors } : { detail });
  return { problem: refused, headers: headersOf(refused.status) };
}

function headersOf(status: number): Record<string, string> {
  if (status === 401) return { 'www-authenticate': 'Bearer' };
  return status === 503 ? { 'retry-after': String(RETRY_AFTER_SECONDS) } : {};
}
