import { connect } from 'node:net';
import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type IngestInMemory, ingestInMemory, SINGLE } from '../ingest-in-memory.behaviour.js';
import { sampleEvent } from '../sample-events.behaviour.js';
import { rawRequest, sendRaw } from './raw-http.behaviour.js';

const MEBIBYTE = 1024 * 1024;
let ingest: IngestInMemory;
let port: number;
beforeAll(async () => {
  ingest = await ingestInMemory();
  await ingest.app.listen(0, '127.0.0.1');
  port = Number(new URL(await ingest.app.getUrl()).port);
});
afterAll(() => ingest.app.close());

/** Sends a gigabyte for as long as the other side listens; answers how much it let in, and with what it ended. */
function pour(head: string, piece: Buffer): Promise<{ status: number | undefined; sentBytes: number }> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let left = 1024;
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined); // the close that follows decides
    socket.on('close', () =>
      resolve({ status: text === '' ? undefined : Number(text.split(' ')[1]), sentBytes: socket.bytesWritten }),
    );
    const more = (): void => {
      if (left-- > 0 && !socket.destroyed) socket.write(piece, more);
    };
    socket.write(head);
    more();
  });
}

const head = (token: string, length: string): string =>
  `POST /v1/events HTTP/1.1\r\nHost: here\r\nAuthorization: Bearer ${token}\r\nContent-Type: ${SINGLE}\r\n${length}\r\n\r\n`;
const plain = Buffer.alloc(MEBIBYTE, 'a');
const chunk = Buffer.concat([Buffer.from('100000\r\n'), plain, Buffer.from('\r\n')]);

describe('a body of a gigabyte', () => {
  it.each([
    ['announced', head('good', 'Content-Length: 1073741824'), plain, 413],
    ['in chunks', head('good', 'Transfer-Encoding: chunked'), chunk, 413],
    ['of nobody known', head('wrong', 'Transfer-Encoding: chunked'), chunk, 401],
  ])('is refused without being read, and the next event is taken: %s', async (_what, request, piece, wanted) => {
    const before = process.memoryUsage().rss;
    const { status, sentBytes } = await pour(request, piece);
    // Who goes on sending may find the line cut before the answer is read.
    expect([wanted, undefined]).toContain(status);
    expect(sentBytes).toBeLessThan(64 * MEBIBYTE);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MEBIBYTE);
    const good = ['Authorization: Bearer good', `Content-Type: ${SINGLE}`];
    expect((await sendRaw(port, rawRequest(good, JSON.stringify(sampleEvent({ id: `e-${request.length}` }))))).status).toBe(202);
  });
});
