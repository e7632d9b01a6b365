/** An answer of the PSA, read whole. `body` is the parsed JSON, or undefined when the text is none. Header names are lower case. */
export interface HttpAnswer {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  body: unknown;
}

/**
 * What an answer means for the work. `refused`: not executed, and asking again will not help. `limited`: not executed, later.
 * `auth`: the secrets are not accepted. `moved`: the base address is no longer right. `unknown`: it may have been executed.
 */
export type AnswerClass = 'ok' | 'refused' | 'limited' | 'auth' | 'moved' | 'unknown';

/** The SDK's table, for what a connector leaves open. */
export function classifyAnswer(answer: HttpAnswer): AnswerClass {
  const { status } = answer;
  if (status >= 200 && status < 300) return 'ok';
  if (status >= 300 && status < 400) return 'moved';
  if (status === 401 || status === 403) return 'auth';
  if (status === 429) return 'limited';
  if (status === 408 || status >= 500) return 'unknown';
  return 'refused';
}

/** Why there is no answer. `cut`: timeout or reset, so it may have been executed. With every other one nothing was sent. */
export type FaultClass = 'unreachable' | 'cut' | 'breaker-open' | 'blocked' | 'withheld';

/** A call without an answer. */
export class NoAnswer extends Error {
  constructor(
    readonly fault: FaultClass,
    message: string,
  ) {
    super(message);
    this.name = 'NoAnswer';
  }
}

/** A read whose answer is not `ok`; `wasClass` says what it means. */
export class PsaRefused extends Error {
  constructor(
    readonly wasClass: Exclude<AnswerClass, 'ok'>,
    readonly answer: HttpAnswer,
    message: string,
  ) {
    super(message);
    this.name = 'PsaRefused';
  }
}
