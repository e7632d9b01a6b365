/** A call that came back with another status than the test expects; carries the whole answer. */
export class UnexpectedAnswer extends Error {
  constructor(
    readonly status: number,
    readonly body: unknown,
    call: string,
  ) {
    super(`${call} answered ${status}: ${JSON.stringify(body)}`);
  }
}

export interface Call {
  token?: string;
  body?: unknown;
  contentType?: string;
  expect?: number;
  headers?: Record<string, string>;
}

/** One JSON call; throws UnexpectedAnswer unless the status is 2xx, or the one that `expect` names. */
export async function call<T = unknown>(
  method: string,
  url: string,
  { token, body, contentType, expect, headers: more = {} }: Call = {},
): Promise<T> {
  // A kept connection may be closed by a busy other side at the very moment of its reuse, which would look like a dead service.
  const headers: Record<string, string> = { connection: 'close', ...more };
  if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
  if (body !== undefined) headers['content-type'] = contentType ?? 'application/json';
  const answer = await fetch(url, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  const value: unknown = text === '' ? undefined : parsed(text);
  const isExpected = expect === undefined ? answer.ok : answer.status === expect;
  if (!isExpected) throw new UnexpectedAnswer(answer.status, value, `${method} ${url}`);
  return value as T;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text; // a page or plain text; the test that expects JSON fails on its shape
  }
}
