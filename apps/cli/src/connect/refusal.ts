import { z } from 'zod';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { Failure } from '../failure.js';
import { inOneLine } from '../output/terminal.js';
import type { HttpAnswer } from './exchange.js';

/** A problem as foreign programs may send it: only the code is counted on. */
export const problemBody = z.object({
  code: z.string(),
  title: z.string().default(''),
  detail: z.string().optional(),
  requestId: z.string().optional(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).default([]),
});

export type ProblemBody = z.output<typeof problemBody>;

const remedies: Readonly<Record<string, string>> = {
  unauthenticated: 'Give a token that is neither deleted nor expired, by TRUEUP_TOKEN or --token.',
  'missing-scope': 'Use a token with the scope that the message names; "trueup tokens create" makes one.',
  'not-found': 'List what there is; what lies outside the reach of your token looks absent too.',
  conflict: 'Look at the present state first, then decide again.',
  'precondition-failed': 'Somebody changed it meanwhile; look again.',
  'rate-limited': 'Wait as long as the answer says, then try again.',
  'validation-failed': 'Correct the fields above.',
  'malformed-parameter': 'Correct the option above; see --help.',
  'broker-unavailable': 'Nothing was lost or taken; try again in a moment.',
  'dependency-unavailable': 'A part of the service is away; try again in a moment.',
  'internal-error': 'Give the request id to the operator; it finds the reason in the logs.',
};

/** What a person can do about a problem of this code. */
export function remedyOf(code: string): string | undefined {
  return remedies[code];
}

/** The failure that an answer of 4xx, 5xx or an unexpected form means for a command. */
export function refusalOf(answer: HttpAnswer, where: string): Failure {
  const parsed = problemBody.safeParse(answer.body);
  if (!parsed.success) return notOurs(answer, where);
  const { code, title, detail, errors, requestId } = parsed.data;
  return new Failure(exitCodeOf(answer.status), inOneLine(`${code}: ${detail ?? title}`), {
    details: [...errors.map(lineOfError), ...(requestId ? [inOneLine(`request id ${requestId}`)] : [])],
    remedy: remedyOf(code),
  });
}

/** "/data/userCode  Required" */
export function lineOfError({ pointer, detail }: { pointer: string; detail: string }): string {
  return inOneLine(`${pointer || '(whole)'}  ${detail}`);
}

function notOurs({ status }: HttpAnswer, where: string): Failure {
  return new Failure(exitCodeOf(status), `${where} answered ${status} in a form that is not ours`, {
    remedy: 'Check the address: a proxy or another service may stand there.',
  });
}

function exitCodeOf(status: number): ExitCode {
  if (status === 401 || status === 403) return EXIT.denied;
  return status === 429 || status >= 500 ? EXIT.unavailable : EXIT.refused;
}
