import type { PsaAnswer } from '../admin/psa-call.js';

/** Ends a call with an answer that is no success; caught once, where the model answers. */
export class Refusal extends Error {
  constructor(readonly answer: PsaAnswer) {
    super(`answered ${answer.status}`);
  }
}

/** Validation, business rule or query error: the API says 500 even to a client's mistake. */
export function applicationError(...errors: string[]): PsaAnswer {
  return { status: 500, body: { errors } };
}

/** An error of the web framework around the API. */
export function frameworkError(status: number, message: string): PsaAnswer {
  return { status, body: { Message: message } };
}

/** The same, thrown. */
export function refuse(text: string): never {
  throw new Refusal(applicationError(text));
}

/** A value whose JSON type does not fit its field. */
export function refuseValue(value: unknown, path: string): never {
  const shown = JSON.stringify(value) ?? '';
  refuse(`Unexpected character encountered while parsing value: ${shown.slice(0, 1)}. Path '${path}'.`);
}

/** The verb is not in the table of this path. */
export function wrongVerb(method: string): Refusal {
  return new Refusal(frameworkError(405, `The requested resource does not support http method '${method}'.`));
}

/** The user's level does not allow the entity. */
export function forbidden(entityName: string): Refusal {
  return new Refusal(frameworkError(403, `The logged in Resource does not have access to the entity ${entityName}.`));
}

/** No such path. */
export function wrongPath(url: string): Refusal {
  return new Refusal(frameworkError(404, `No HTTP resource was found that matches the request URI '${url}'.`));
}
