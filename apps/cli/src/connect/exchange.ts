import type { Secret } from '@trueup/service';

export interface HttpRequest {
  url: string;
  method?: string;
  token?: Secret | null;
  headers?: Record<string, string>;
  body?: string;
  timeoutMs: number;
  signal?: AbortSignal;
}

/** An answer of any status; the body is parsed where it is JSON, else its text. */
export interface HttpAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

/** No answer came; whether the request was carried out is not known. */
export interface NoAnswer {
  unreachable: string;
}

/** One request, one answer. Redirects are not followed: a token must not reach another address. */
export async function exchange(request: HttpRequest): Promise<HttpAnswer | NoAnswer> {
  const { url, method = 'GET', token, headers = {}, body, timeoutMs, signal } = request;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      method,
      body,
      redirect: 'manual',
      headers: { accept: 'application/json', ...(token && { authorization: `Bearer ${token.reveal()}` }), ...headers },
      signal: signal ? AbortSignal.any([timeout, signal]) : timeout,
    });
    return { status: response.status, headers: response.headers, body: bodyOf(response, await response.text()) };
  } catch (error) {
    // The caller knows whether to try again; an abort is told apart by the caller's own signal.
    return { unreachable: timeout.aborted ? `no answer within ${Math.round(timeoutMs / 1000)} s` : reasonOf(error) };
  }
}

function bodyOf(response: Response, text: string): unknown {
  if (!/[/+]json/.test(response.headers.get('content-type') ?? '')) return text;
  try {
    return JSON.parse(text);
  } catch {
    return text; // a cut or false answer: judged by its status
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'ECONNREFUSED'
    ? 'nothing listens there'
    : [code, message].filter(Boolean).join(': ') || 'the connection failed';
}
