import { problem } from '@trueup/contracts';
import type { FieldError, ProblemCode } from '@trueup/contracts';

/** An expected refusal: the request ends with this problem and nothing is written. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;

  constructor(
    readonly code: ProblemCode,
    /** What happened and what to do about it. */
    readonly detail: string,
    readonly errors?: FieldError[],
  ) {
    super(detail);
    this.status = problem(code).status;
  }
}

/** Absent, another tenant's and out of reach look the same: nobody learns what exists elsewhere. */
export function notFound(what = 'There is nothing here that this token can see. Check the id and the address.'): ProblemError {
  return new ProblemError('not-found', what);
}

/** A value of the body that cannot be accepted. */
export function invalid(pointer: string, detail: string): ProblemError {
  return new ProblemError('validation-failed', 'The body was understood but not accepted; correct the fields named in errors.', [
    { pointer, detail },
  ]);
}

/** A path or query parameter that cannot be read. */
export function malformedParameter(name: string, detail: string): ProblemError {
  return new ProblemError('malformed-parameter', 'Correct the parameters named in errors.', [{ pointer: `/${name}`, detail }]);
}
