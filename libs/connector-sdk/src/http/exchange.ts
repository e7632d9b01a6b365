import { Secret } from '@trueup/service';
import { request } from 'undici';
import { HostBlocked, type HostGuard } from './host-guard.js';
import { NoAnswer, type FaultClass, type HttpAnswer } from './http-answer.js';

export interface Exchange {
  url: URL;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers: Readonly<Record<string, string | Secret>>;
  body?: unknown;
  /** From the first byte out to the last byte in. */
  timeoutMs: number;
}

const MOST_BYTES = 32 * 1024 * 1024;
// Before these nothing was sent; every other failure may have come after the PSA had the request.
const NOTHING_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** One request and its whole answer; no second try, no redirect followed. Throws NoAnswer. */
export async function exchange(guard: HostGuard, { url, method, headers, body, timeoutMs }: Exchange): Promise<HttpAnswer> {
  try {
    const answer = await request(url, {
      dispatcher: guard.dispatcherFor(url),
      method,
      headers: {
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...plain(headers),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    });
    const text = await textOf(answer.body);
    return { status: answer.statusCode, headers: flat(answer.headers), text, body: parsed(text) };
  } catch (error) {
    throw toNoAnswer(error, url);
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Error('the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toNoAnswer(error: unknown, url: URL): NoAnswer {
  const code = String((error as { code?: unknown }).code ?? (error instanceof Error ? error.name : ''));
  return new NoAnswer(faultOf(error, code), `${url.host}: ${code === '' ? 'no answer' : code}`);
}

function faultOf(error: unknown, code: string): FaultClass {
  if (error instanceof HostBlocked || code === 'EBLOCKED') return 'blocked';
  return NOTHING_SENT.has(code) || /^(ERR_TLS_|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)/.test(code) ? 'unreachable' : 'cut';
}

function plain(headers: Readonly<Record<string, string | Secret>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, value instanceof Secret ? value.reveal() : value]),
  );
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined; // an HTML page or an empty body: `classify` judges by status and text
  }
}
