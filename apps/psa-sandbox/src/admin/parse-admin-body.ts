import type { z } from 'zod';
import type { StateProblem } from './psa-model.js';

/** Parses the body of an admin call, or says at which pointer it is wrong. */
export function parseAdminBody<T>(schema: z.ZodType<T>, body: unknown): { value: T } | { problems: StateProblem[] } {
  const json = parsedJson(body);
  if (json === undefined) return { problems: [{ pointer: '', detail: 'The body must be JSON.' }] };
  const parsed = schema.safeParse(json);
  return parsed.success ? { value: parsed.data } : { problems: problemsOf(parsed.error) };
}

/** A zod error as JSON pointers with reasons. */
export function problemsOf(error: z.ZodError): StateProblem[] {
  return error.issues.map(({ path, message }) => ({
    pointer: path.map((part) => `/${String(part)}`).join(''),
    detail: message,
  }));
}

function parsedJson(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    // Reported to the caller as a problem of the whole body.
    return undefined;
  }
}
