import { StartFailure } from '../start-failure.js';

export interface JsonCall {
  readonly token?: string;
  /** Text is sent as it stands, anything else as JSON. */
  readonly body?: unknown;
  readonly contentType?: string;
}

/** Calls an address and answers the JSON; anything but 2xx ends the start with what was answered. */
export async function jsonCall(method: string, url: string, o: JsonCall = {}): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(o.body !== undefined && { 'content-type': o.contentType ?? 'application/json' }),
      ...(o.token !== undefined && { authorization: `Bearer ${o.token}` }),
    },
    ...(o.body !== undefined && { body: typeof o.body === 'string' ? o.body : JSON.stringify(o.body) }),
  });
  const text = await answer.text();
  if (!answer.ok)
    throw new StartFailure(`The demo could not go on: ${method} ${url} answered ${answer.status} ${text.slice(0, 500)}`);
  return text === '' ? null : JSON.parse(text);
}
