import { connect } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawRequest, sendRaw } from '../../test/raw-http.js';
import { StartedApi } from '../../test/started-api.js';

const mebibyte = 1024 * 1024;
let api: StartedApi;
beforeAll(async () => {
  api = await StartedApi.start();
  await api.restart({ patience: { headersMs: 300, requestMs: 600 } });
});
afterAll(() => api.stop());

const json = ['Content-Type: application/json'];
const bearer = () => `Authorization: Bearer ${api.adminToken}`;
const codeOf = (body: string) => (JSON.parse(body) as { code: string }).code;

describe('every answer', () => {
  it.each([
    ['what is found', '/v1/me', {}, 200],
    ['what is not found', '/v1/nothing', {}, 404],
    ['a refusal before any route', '/v1/customers/%4', {}, 400],
    ['a refusal of the door', '/v1/me', { token: null }, 401],
    ['the description', '/v1/openapi.json', { token: null }, 200],
  ])('says that it is data, and whose: %s', async (_what, path, call, status) => {
    const { status: given, headers } = await api.call(path, call);
    const shown = ['strict-transport-security', 'content-security-policy', 'x-content-type-options', 'referrer-policy'];
    expect([given, ...shown.map((name) => headers.get(name))]).toEqual([
      status,
      expect.stringMatching(/^max-age=(\d{8,}); includeSubDomains$/),
      expect.stringContaining("default-src 'none'"),
      'nosniff',
      'no-referrer',
    ]);
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('content-type')).toMatch(/^application\/(problem\+)?json; charset=utf-8$/);
    expect([headers.get('server'), headers.get('x-powered-by')]).toEqual([null, null]);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('tells nobody which methods there are beyond ours', async () => {
    const answers = await Promise.all(
      ['TRACE', 'TRACK', 'CONNECT', 'DEBUG'].map((method) => sendRaw(api.url, rawRequest(`${method} /v1/me`, [bearer()]))),
    );
    expect(answers.filter(({ status }) => status < 400 || status >= 500)).toEqual([]);
  });
});

describe('a request that two readers could understand in two ways', () => {
  it.each([
    ['two tokens', () => [bearer(), 'Authorization: Bearer other']],
    ['two keys', () => [bearer(), 'Idempotency-Key: a', 'Idempotency-Key: b']],
    ['two content types', () => [bearer(), ...json, 'Content-Type: text/csv']],
    ['two conditions', () => [bearer(), 'If-Match: "a"', 'If-Match: *']],
    ['two lengths', () => [bearer(), ...json, 'Content-Length: 2', 'Content-Length: 3']],
    ['a length and chunks', () => [bearer(), ...json, 'Content-Length: 2', 'Transfer-Encoding: chunked']],
    ['chunks in disguise', () => [bearer(), ...json, 'Transfer-Encoding: xchunked']],
    ['a space before a colon', () => [bearer(), 'Content-Length : 2']],
    ['a folded header', () => [bearer(), 'X-Note: a\r\n b']],
    ['a NUL in a header', () => [bearer(), 'X-Note: a\u0000b']],
    ['a bare line feed', () => [bearer(), 'X-Note: a\nAuthorization: Bearer other']],
  ])('is refused: %s', async (_what, lines) => {
    const answer = await sendRaw(api.url, rawRequest('POST /v1/tokens', lines(), '{}'));
    expect([answer.status, codeOf(answer.body)]).toEqual([400, expect.stringMatching(/^malformed-/)]);
  });

  it('is refused when its headers are too long', async () => {
    const answer = await sendRaw(api.url, rawRequest('GET /v1/me', [bearer(), `X-Note: ${'x'.repeat(20_000)}`]));
    expect([answer.status, codeOf(answer.body)]).toEqual([431, 'too-large']);
  });
});

describe('a slow caller', () => {
  const slow: [string, () => string][] = [
    ['nothing at all', () => ''],
    ['headers that do not end', () => 'GET /v1/me HTTP/1.1\r\nHost: here\r\nX-A: 1\r\n'],
    ['a body that does not come', () => rawRequest('POST /v1/tokens', [bearer(), ...json, 'Content-Length: 50'], '{"label"')],
    [
      'chunks that do not end',
      () => rawRequest('POST /v1/tokens', [bearer(), ...json, 'Transfer-Encoding: chunked'], '2\r\n{"\r\n'),
    ],
  ];

  it.each(slow)('is hung up on: %s', async (_what, bytes) => {
    const answer = await sendRaw(api.url, bytes());
    expect([answer.status, codeOf(answer.body)]).toEqual([408, 'malformed-body']);
    expect(answer.head).toContain('x-content-type-options: nosniff');
  });

  it('keeps nobody else waiting, two hundred at once', async () => {
    const drips = Array.from({ length: 200 }, () => dripping(api.url));
    await wait(100);
    const answers = await Promise.all(Array.from({ length: 20 }, () => api.call('/v1/me')));
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
    expect((await Promise.all(drips)).filter((status) => status !== 408)).toEqual([]);
  });
});

describe('a body of a gigabyte', () => {
  it.each([
    ['announced', ['Content-Length: 1073741824'], (piece: Buffer) => piece],
    [
      'in chunks',
      ['Transfer-Encoding: chunked'],
      (piece: Buffer) => Buffer.concat([Buffer.from('100000\r\n'), piece, Buffer.from('\r\n')]),
    ],
  ])('is refused without being read: %s', async (_what, lines, framed) => {
    const before = process.memoryUsage().rss;
    const { status, sentBytes } = await pour(api.url, rawRequest('POST /v1/tokens', [bearer(), ...json, ...lines]), framed);
    // Who goes on sending may find the line cut before the answer is read.
    expect([413, undefined]).toContain(status);
    expect(sentBytes).toBeLessThan(64 * mebibyte);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * mebibyte);
  });
});

/** A header line every tenth of a second, never the last one. Answers the status with which that ended. */
function dripping(url: string): Promise<number> {
  const { port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    socket.write('GET /v1/me HTTP/1.1\r\nHost: here\r\n');
    const drip = setInterval(() => socket.write('X-A: 1\r\n'), 100);
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined); // the close that follows decides
    socket.on('close', () => {
      clearInterval(drip);
      resolve(Number(text.split(' ')[1]));
    });
  });
}

/** Sends a gigabyte for as long as the other side listens. */
function pour(
  url: string,
  head: string,
  framed: (piece: Buffer) => Buffer,
): Promise<{ status: number | undefined; sentBytes: number }> {
  const { port } = new URL(url);
  const piece = framed(Buffer.alloc(mebibyte, 'a'));
  return new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    let text = '';
    const pieces = function* () {
      for (let sent = 0; sent < 1024; sent += 1) yield piece;
    };
    socket.on('data', (chunk) => (text += chunk.toString()));
    socket.on('error', () => undefined); // the close that follows decides
    socket.on('close', () =>
      resolve({ status: text === '' ? undefined : Number(text.split(' ')[1]), sentBytes: socket.bytesWritten }),
    );
    socket.write(head);
    const all = pieces();
    const more = (): void => {
      const next = all.next();
      if (!next.done && !socket.destroyed) socket.write(next.value, more);
    };
    more();
  });
}
