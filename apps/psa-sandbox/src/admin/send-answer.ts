import type { FastifyReply } from 'fastify';
import type { Performance } from './perform-call.js';
import type { PsaAnswer } from './psa-call.js';

/** Sends an answer whole, or ends the connection where the fault wants it. */
export function sendAnswer(reply: FastifyReply, { answer, ending }: Performance): void {
  const body = bodyText(answer);
  reply.hijack();
  const { raw } = reply;
  if (ending === 'drop') {
    raw.socket?.destroy();
    return;
  }
  const length = Buffer.byteLength(body);
  raw.writeHead(answer.status, { ...headersOf(answer), 'content-length': String(length) });
  if (ending === 'whole') raw.end(body);
  else raw.write(Buffer.from(body).subarray(0, Math.ceil(length / 2)), () => raw.socket?.destroy());
}

function headersOf({ headers, body }: PsaAnswer): Record<string, string> {
  const isJson = typeof body === 'object';
  return { ...(isJson ? { 'content-type': 'application/json; charset=utf-8' } : {}), ...headers };
}

function bodyText({ body }: PsaAnswer): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
