import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** What happens to the bytes; everything unset lets them through. */
export interface Trouble {
  /** Every chunk in either direction comes this much later, in its order. */
  latencyMs?: number;
  /** Nothing passes and nothing is closed: the other side only sees silence. */
  isBlackhole?: boolean;
  /** Looks at the first chunk of an answer; true resets the connection instead of passing it on. */
  cutsAnswer?: (chunk: Buffer) => boolean;
}

/** A TCP proxy before one port on loopback, which can be slow, silent, or gone. */
export class TcpProxy {
  readonly #server: Server;
  readonly #pairs = new Set<{ client: Socket; upstream: Socket }>();
  #trouble: Trouble = {};
  #isRefusing = false;
  #cuts = 0;

  private constructor(private readonly upstreamPort: number) {
    this.#server = createServer((client) => this.#join(client));
  }

  /** Listens on a free port. */
  static async before(upstreamPort: number): Promise<TcpProxy> {
    const proxy = new TcpProxy(upstreamPort);
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject);
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Connections that now go through. */
  get connections(): number {
    return this.#pairs.size;
  }

  /** Answers that `cutsAnswer` has cut so far. */
  get cuts(): number {
    return this.#cuts;
  }

  /** Replaces what happens to the bytes, for connections that exist, too. */
  set(trouble: Trouble): void {
    this.#trouble = trouble;
  }

  /** Ends every connection with a reset; `refuse` turns away new ones, until `accept`. */
  reset(): void {
    for (const { client, upstream } of this.#pairs) for (const socket of [client, upstream]) socket.resetAndDestroy();
  }

  refuse(): void {
    this.#isRefusing = true;
    this.reset();
  }

  accept(): void {
    this.#isRefusing = false;
  }

  async close(): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    client.on('error', () => undefined); // a reset is what this proxy is for; `close` follows and is heard
    if (this.#isRefusing) {
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ port: this.upstreamPort, host: '127.0.0.1', noDelay: true });
    upstream.on('error', () => undefined); // as above
    const pair = { client, upstream };
    this.#pairs.add(pair);
    const end = (): void => {
      this.#pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    client.once('close', end);
    upstream.once('close', end);
    void this.#pass(client, upstream).then(() => upstream.end(), end);
    void this.#pass(upstream, client, true).then(() => client.end(), end);
  }

  /** One chunk after the other, so that what is delayed keeps its order. Ends when `from` ends; rejects when it breaks. */
  async #pass(from: Socket, to: Socket, isAnswer = false): Promise<void> {
    for await (const data of from) {
      const chunk = data as Buffer;
      if (isAnswer && this.#trouble.cutsAnswer?.(chunk) === true) {
        this.#cuts += 1;
        to.resetAndDestroy();
        return;
      }
      if (this.#trouble.latencyMs !== undefined) await wait(this.#trouble.latencyMs);
      while (this.#trouble.isBlackhole === true && !to.destroyed) await wait(10);
      if (!to.destroyed) to.write(chunk);
    }
  }
}
