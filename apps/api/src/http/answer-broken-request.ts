import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problem } from '@trueup/contracts';

/** Answers what is no HTTP request, or does not arrive in time, with a problem, and hangs up: the rest of it cannot be understood. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') socket.write(responseOf(error.code));
  socket.destroy();
}

function responseOf(code: string | undefined): string {
  const answer = problemOf(code);
  const body = JSON.stringify(answer);
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\ncontent-type: application/problem+json; charset=utf-8`;
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
}

function problemOf(code: string | undefined) {
  if (code === 'HPE_HEADER_OVERFLOW') return problem('too-large', { status: 431, detail: 'Send fewer or shorter headers' });
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return problem('malformed-body', { status: 408, detail: 'Send the request faster' });
  return problem('malformed-body', { detail: 'This is no HTTP/1.1 request' });
}
