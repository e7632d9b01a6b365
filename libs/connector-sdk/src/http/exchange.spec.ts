import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '@trueup/service';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exchange } from './exchange.js';
import { HostGuard } from './host-guard.js';

const guard = new HostGuard({ hosts: ['*.example.com'], testHosts: ['127.0.0.1'] });
let server: Server;
let base: string;
let seen: { url?: string; key?: string | string[] }[] = [];

beforeAll(async () => {
  server = createServer((request, response) => {
    seen.push({ url: request.url, key: request.headers['x-key'] });
    if (request.url === '/redirect') response.writeHead(302, { location: `${base}/elsewhere` }).end();
    else if (request.url === '/cut') response.socket?.destroy();
    else if (request.url === '/half') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('{"half":', () => response.socket?.destroy());
    } else if (request.url === '/html') response.writeHead(503).end('<html>');
    else if (request.url !== '/hang') response.writeHead(200, { 'X-Some': 'a' }).end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await guard.stop();
});

const ask = (url: string, timeoutMs = 2_000) => {
  seen = [];
  return exchange(guard, { url: new URL(url), method: 'POST', headers: { 'x-key': new Secret('s3cret') }, body: {}, timeoutMs });
};

describe('one exchange', () => {
  it('sends the secret and answers with status, headers and parsed body', async () => {
    expect(await ask(`${base}/ok`)).toMatchObject({ status: 200, headers: { 'x-some': 'a' }, body: { ok: true } });
    expect(seen).toEqual([{ url: '/ok', key: 's3cret' }]);
  });

  it('follows no redirect', async () => {
    expect((await ask(`${base}/redirect`)).status).toBe(302);
    expect(seen).toHaveLength(1);
  });

  it('answers with the text of what is no JSON', async () => {
    expect(await ask(`${base}/html`)).toMatchObject({ status: 503, text: '<html>', body: undefined });
  });

  it.each(['/cut', '/half'])('may have been executed when the answer breaks off (%s), and is not sent again', async (path) => {
    await expect(ask(`${base}${path}`)).rejects.toMatchObject({ fault: 'cut' });
    expect(seen).toHaveLength(1);
  });

  it('may have been executed when its deadline passes', async () => {
    await expect(ask(`${base}/hang`, 150)).rejects.toMatchObject({ fault: 'cut' });
  });

  it('was not executed when nobody listens, or the host is not allowed', async () => {
    await expect(ask('http://127.0.0.1:1/')).rejects.toMatchObject({ fault: 'unreachable' });
    await expect(ask('https://elsewhere.example.org/')).rejects.toMatchObject({ fault: 'blocked' });
  });

  it('shows no secret in its errors', async () => {
    const error: unknown = await ask(`${base}/cut`).catch((thrown: unknown) => thrown);
    expect(JSON.stringify(error) + String(error)).not.toContain('s3cret');
  });
});
