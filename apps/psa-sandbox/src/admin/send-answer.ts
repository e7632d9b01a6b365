import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyReply } from 'fastify';
import type { Performance } from './perform-call.js';
import type { PsaAnswer } from './psa-call.js';

/**
 * Sends an answer whole, or ends the connection where the fault wants it. Resolves when nothing more is sent: for an answer that
 * never comes, when the caller has given up.
 */
export async function sendAnswer(reply: FastifyReply, { answer, ending, paceMs = 0 }: Performance): Promise<void> {
  const body = Buffer.from(bodyText(answer));
  reply.hijack();
  const { raw } = reply;
  if (ending === 'drop') raw.socket?.destroy();
  else if (ending === 'reset') raw.socket?.resetAndDestroy();
  else if (ending === 'hang') await closed(raw);
  else {
    raw.writeHead(answer.status, { ...headersOf(answer), 'content-length': String(body.byteLength) });
    if (ending === 'whole') raw.end(body);
    else if (ending === 'trickle') await trickle(raw, body, paceMs);
    else raw.write(body.subarray(0, Math.ceil(body.byteLength / 2)), () => raw.socket?.destroy());
  }
}

async function trickle(raw: ServerResponse, body: Buffer, paceMs: number): Promise<void> {
  const gaveUp = new AbortController();
  raw.once('close', () => gaveUp.abort());
  try {
    for (const byte of body) {
      raw.write(Buffer.of(byte));
      await delay(paceMs, undefined, { signal: gaveUp.signal });
    }
  } catch {
    return; // the caller has gone, which is the usual end of such an answer
  }
  raw.end();
}

async function closed(raw: ServerResponse): Promise<void> {
  if (!raw.destroyed) await once(raw, 'close');
}

function headersOf({ headers, body }: PsaAnswer): Record<string, string> {
  const isJson = typeof body === 'object';
  return { ...(isJson ? { 'content-type': 'application/json; charset=utf-8' } : {}), ...headers };
}

function bodyText({ body }: PsaAnswer): string {
  if (body === undefined) return '';
  return typeof body === 'string' ? body : JSON.stringify(body);
}
