import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problem } from '@trueup/contracts';
import { safeHeaders } from './safe-headers.js';

/** Answers what is no HTTP request, or does not arrive in time, with a problem, and hangs up: the rest of it cannot be understood. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') socket.write(responseOf(error.code));
  socket.destroy();
}

function responseOf(code: string | undefined): string {
  const answer = problemOf(code);
  const body = JSON.stringify(answer);
  const headers = {
    ...safeHeaders,
    'Content-Type': 'application/problem+json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    Connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}`, ...lines, '', body].join('\r\n');
}

function problemOf(code: string | undefined) {
  if (code === 'HPE_HEADER_OVERFLOW') return problem('too-large', { status: 431, detail: 'Send fewer or shorter headers' });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problem('malformed-body', { status: 408, detail: 'Send the request faster' });
  return problem('malformed-body', { detail: 'This is no HTTP/1.1 request' });
}
