import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to the sandbox that can be shut: then connections are refused, as by a host whose PSA is down. */
export class Door {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port = 0;

  private constructor(private readonly target: URL) {}

  static async before(url: string): Promise<Door> {
    const door = new Door(new URL(url));
    await door.open();
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Lets everything through, at the same address as before. */
  async open(): Promise<void> {
    const server = createServer((caller) => this.#relay(caller));
    server.unref(); // a run that breaks off leaves its door behind, which must not keep the process
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Ends what is under way and refuses every new connection. */
  async shut(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #relay(caller: Socket): void {
    const target = connect(Number(this.target.port), this.target.hostname);
    for (const [from, to] of [
      [caller, target],
      [target, caller],
    ] as const) {
      this.#sockets.add(from);
      from.pipe(to);
      // Either side may end at any moment, in any way: then so does the other.
      from
        .on('error', () => to.destroy())
        .on('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
    }
  }
}
