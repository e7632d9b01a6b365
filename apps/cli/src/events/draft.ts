import { type FieldError, type ProblemCode, problem } from '@trueup/contracts';

/** Why an event was refused: as ingest answers it. */
export interface LineProblem {
  code: string;
  title: string;
  detail?: string;
  errors?: (FieldError & { column?: string })[];
}

/** What a record of the file is: nothing, an event to be sent as this JSON text, or refused here already. */
export type Draft =
  { kind: 'blank' } | { kind: 'event'; json: string; subject: string; value: unknown } | { kind: 'bad'; problem: LineProblem };

/** A refusal that needs no service to be sure of. */
export function bad(code: ProblemCode, errors: LineProblem['errors']): Draft {
  const { title } = problem(code);
  return { kind: 'bad', problem: { code, title, errors } };
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The text of a record without byte order mark, or null when it is not UTF-8. */
export function textOf(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null; // foreign input; the line is reported
  }
}

/** An event as it stands in the file: sent to the letter, so that nothing is lost on the way through a parser. */
export function draftOfJson(text: string): Draft {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return bad('malformed-body', [{ pointer: '', detail: `Must be JSON: ${(error as Error).message}` }]);
  }
  return { kind: 'event', json: text, subject: subjectOf(value), value };
}

function subjectOf(value: unknown): string {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'subject')) return '';
  const { subject } = value as { subject: unknown };
  return typeof subject === 'string' ? subject : '';
}
