import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TcpProxy } from './tcp-proxy.js';

describe('the proxy', () => {
  let echo: Server;
  let proxy: TcpProxy;

  beforeEach(async () => {
    echo = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    proxy = await TcpProxy.before((echo.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await proxy.close();
    await new Promise((resolve) => echo.close(resolve));
  });

  async function client(): Promise<Socket> {
    const socket = connect({ port: proxy.port, host: '127.0.0.1' });
    socket.on('error', () => undefined); // tests that look at it listen themselves
    await once(socket, 'connect');
    return socket;
  }

  async function said(socket: Socket, text: string): Promise<string> {
    socket.write(text);
    return String((await once(socket, 'data'))[0]);
  }

  async function fateOf(socket: Socket): Promise<string> {
    return new Promise((resolve) => {
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
      socket.once('end', () => resolve('end'));
    });
  }

  it('passes bytes in both directions', async () => {
    expect(await said(await client(), 'hello')).toBe('hello');
  });

  it('delays every chunk and keeps the order', async () => {
    proxy.set({ latencyMs: 50 });
    const socket = await client();
    const before = performance.now();
    let heard = '';
    socket.on('data', (data: Buffer) => (heard += data.toString()));

    for (const text of ['a', 'b', 'c']) {
      socket.write(text);
      await once(socket, 'data');
    }

    expect(heard).toBe('abc');
    expect(performance.now() - before).toBeGreaterThan(290); // three times there and back; a timer may be a little early
  });

  it('keeps silent as a black hole, and goes on with what it held back', async () => {
    const socket = await client();
    await said(socket, 'x');
    proxy.set({ isBlackhole: true });
    const answer = said(socket, 'held');
    const silence = Symbol('silence');

    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(() => resolve(silence), 100))]);
    proxy.set({});

    expect([first, await answer]).toEqual([silence, 'held']);
  });

  it('resets the connections that there are', async () => {
    const socket = await client();
    await said(socket, 'x');
    const fate = fateOf(socket);

    proxy.reset();

    expect(await fate).toBe('ECONNRESET');
    expect(await said(await client(), 'again')).toBe('again');
  });

  it('turns new connections away until it accepts again', async () => {
    proxy.refuse();
    expect(await fateOf(connect({ port: proxy.port, host: '127.0.0.1' }))).toBe('ECONNRESET');

    proxy.accept();

    expect(await said(await client(), 'back')).toBe('back');
  });

  it('cuts the answers that it is told to, and counts them', async () => {
    proxy.set({ cutsAnswer: (chunk) => chunk.toString().includes('secret') });
    const [kept, cut] = [await client(), await client()];
    const fate = fateOf(cut);
    cut.write('secret');

    expect([await said(kept, 'plain'), await fate, proxy.cuts]).toEqual(['plain', 'ECONNRESET', 1]);
  });

  it('closes the other side when one side ends', async () => {
    const socket = await client();
    await said(socket, 'x');
    const fate = fateOf(socket);
    socket.end();

    expect(await fate).toBe('end');
  });

  it('forgets a connection whose peer is away', async () => {
    const away = await TcpProxy.before(1);
    const socket = connect({ port: away.port, host: '127.0.0.1' });
    socket.on('error', () => undefined); // how it is told does not matter here
    await once(socket, 'close');

    expect(away.connections).toBe(0);
    await away.close();
  });
});
