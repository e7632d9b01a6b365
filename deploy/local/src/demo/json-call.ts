import { StartFailure } from '../start-failure.js';

/** Calls an address with a JSON body and answers the JSON; anything but 2xx ends the start with what was answered. */
export async function jsonCall(
  method: string,
  url: string,
  o: { token?: string; body?: unknown; contentType?: string } = {},
): Promise<unknown> {
  const answer = await fetch(url, {
    method,
    headers: {
      ...(o.body !== undefined && { 'content-type': o.contentType ?? 'application/json' }),
      ...(o.token !== undefined && { authorization: `Bearer ${o.token}` }),
    },
    ...(o.body !== undefined && { body: JSON.stringify(o.body) }),
  });
  const text = await answer.text();
  if (!answer.ok)
    throw new StartFailure(`The demo could not go on: ${method} ${url} answered ${answer.status} ${text.slice(0, 500)}`);
  return text === '' ? null : JSON.parse(text);
}
