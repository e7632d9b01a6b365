import { type Problem, type ProblemCode, problem } from '@trueup/contracts';

/** Ends the handling of a request with a problem document. */
export class ControlProblem extends Error {
  override readonly name = 'ControlProblem';
  readonly problem: Problem & { status: number };

  constructor(code: ProblemCode, more: Partial<Omit<Problem, 'type' | 'code' | 'title'>> = {}) {
    super(code);
    this.problem = problem(code, more);
  }
}
