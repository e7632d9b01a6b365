import type { AnswerClass, Code, HttpAnswer } from '@trueup/connector-sdk';

// Autotask answers validation errors with 500; only these texts mean something else than "not executed".
const AUTH = ['Zone information could not be determined', 'IntegrationCode is invalid'];
const LIMITED = ['thread threshold', 'request threshold', 'Itgenatr005'];
const UNKNOWN = ['Timeout expired', 'deadlock'];

/** What an answer means. Success is 200 without `errors`; a path that is not there means that the base address is no longer right. */
export function classifyAnswer(answer: HttpAnswer): AnswerClass | undefined {
  const errors = errorsOf(answer);
  if (answer.status === 429) return 'limited';
  if (errors.length > 0) return classifyErrors(errors.join(' '));
  if (answer.status === 404) return 'moved';
  if (answer.status === 200 && !isObject(answer.body)) return 'unknown';
  return undefined;
}

/** The codes for what a person can understand and the plan can answer. */
export function nameRefusal(answer: HttpAnswer): { code: Code; message: string } | undefined {
  const message = errorsOf(answer).join(' ');
  if (/duplicate data into contract_service_period/i.test(message)) return { code: 'EFFECTIVE_DATE_TAKEN', message };
  if (/already approved and posted/i.test(message)) return { code: 'PERIOD_POSTED', message };
  return undefined;
}

function classifyErrors(text: string): AnswerClass {
  const has = (fragments: readonly string[]): boolean =>
    fragments.some((each) => text.toLowerCase().includes(each.toLowerCase()));
  if (has(AUTH)) return 'auth';
  if (has(LIMITED)) return 'limited';
  return has(UNKNOWN) ? 'unknown' : 'refused';
}

function errorsOf({ body }: HttpAnswer): string[] {
  const errors = isObject(body) ? body['errors'] : undefined;
  if (!Array.isArray(errors)) return [];
  return errors.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
