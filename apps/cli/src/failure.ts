import type { ExitCode } from './exit-codes.js';

/** Why a command ends early: what happened, what to do about it, and the exit code. Its texts hold no secret. */
export class Failure extends Error {
  override readonly name = 'Failure';

  constructor(
    readonly exitCode: ExitCode,
    message: string,
    readonly more: { details?: readonly string[]; remedy?: string } = {},
  ) {
    super(message);
  }
}
