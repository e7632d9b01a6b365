import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { problem, type Problem } from '@trueup/contracts';
import { ingestLimits } from './ingest-limits.js';

/** Answers what is no HTTP request, or does not arrive in time, as problem+json, and hangs up: the rest of it cannot be understood. */
export function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (socket.writable && error.code !== 'ECONNRESET') socket.write(responseOf(problemOf(error.code)));
  socket.destroy();
}

function problemOf(code: string | undefined): Problem & { status: number } {
  const { maxHeaderBytes, headersTimeoutSeconds, requestTimeoutSeconds } = ingestLimits;
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return problem('too-large', { status: 431, detail: `All headers together may have at most ${maxHeaderBytes} bytes` });
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return problem('malformed-body', {
        status: 408,
        detail: `Headers must arrive within ${headersTimeoutSeconds} s, the whole request within ${requestTimeoutSeconds} s`,
      });
    default:
      return problem('malformed-body', { detail: 'This is no HTTP/1.1 request' });
  }
}

function responseOf(answer: Problem & { status: number }): string {
  const body = JSON.stringify(answer);
  const head = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\ncontent-type: application/problem+json; charset=utf-8`;
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
}
