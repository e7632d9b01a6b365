import type { z } from 'zod';

/** One fault of an input: a JSON pointer (RFC 6901) and what to do about it. */
export interface FieldError {
  pointer: string;
  detail: string;
}

/** RFC 9457 problem details as every service answers them. */
export interface Problem {
  type: string;
  code: ProblemCode;
  title: string;
  status?: number;
  detail?: string;
  requestId?: string;
  errors?: FieldError[];
}

const titles = {
  'validation-failed': [422, 'Validation failed'],
  'malformed-body': [400, 'The body cannot be read'],
  'malformed-parameter': [400, 'A parameter cannot be read'],
  unauthenticated: [401, 'A valid bearer token is required'],
  'sign-in-refused': [401, 'The e-mail or the password is wrong'],
  'cross-site-refused': [403, 'The request does not prove that it comes from the console'],
  'missing-scope': [403, 'The token lacks the scope that this needs'],
  'not-found': [404, 'Not found'],
  'method-not-allowed': [405, 'This address has no such method'],
  conflict: [409, 'The state does not allow this'],
  'event-conflict': [409, 'Another event has this source and id'],
  'idempotency-mismatch': [422, 'This Idempotency-Key was used with another body'],
  'idempotency-in-progress': [409, 'The first request with this Idempotency-Key is still at work'],
  'precondition-failed': [412, 'The object has changed since it was read'],
  'too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The content type is not supported'],
  'not-allowed-yet': [409, 'The connection does not meet the conditions of this mode'],
  'rate-limited': [429, 'Too many requests'],
  'internal-error': [500, 'Something went wrong on our side'],
  'broker-unavailable': [503, 'Nothing was accepted; try again'],
  'dependency-unavailable': [503, 'A part that this needs is away; try again'],
} as const satisfies Record<string, readonly [number, string]>;

/** Kebab-case, never reused. */
export type ProblemCode = keyof typeof titles;

export const PROBLEM_CODES = Object.keys(titles) as ProblemCode[];

/** Builds a problem with its registered title and usual status. */
export function problem(
  code: ProblemCode,
  more: Partial<Omit<Problem, 'type' | 'code' | 'title'>> = {},
): Problem & { status: number } {
  const [status, title] = titles[code];
  return { type: `https://trueup.dev/problems/${code}`, code, title, status, ...more };
}

/** Every issue of a zod error as a field error; unknown members get a pointer of their own. */
export function fieldErrorsOf(error: z.ZodError, prefix = ''): FieldError[] {
  return error.issues.flatMap((issue) => {
    const base = prefix + pointerOf(issue.path);
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) => ({ pointer: base + pointerOf([key]), detail: 'Unknown member' }));
    }
    return [{ pointer: base, detail: detailOf(issue) }];
  });
}

/** RFC 6901 pointer of a path. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function detailOf(issue: z.core.$ZodIssue): string {
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined && issue.message.endsWith(' received undefined');
  return isMissing ? 'Required' : issue.message;
}
