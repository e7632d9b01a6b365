import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of a post: a status of the door's own, let through, or let through and never answered. */
export type Decision = number | 'pass' | 'silent';

/** Stands between a sender and a service: answers for it, or swallows its answers after the service has done its work. */
export class Door {
  private posts = 0;
  private readonly silent = Promise.withResolvers<void>();

  private constructor(
    private readonly service: string,
    /** Asked for every post; the first is 1. */
    public decide: (post: number) => Decision,
    private readonly server: Server,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response));
  }

  static async inFrontOf(service: string, decide: (post: number) => Decision): Promise<Door> {
    const door = new Door(service, decide, createServer());
    await new Promise<void>((resolve) => door.server.listen(0, '127.0.0.1', resolve));
    return door;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Resolves when the service has done its work for a post that stays unanswered. */
  get isSilent(): Promise<void> {
    return this.silent.promise;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const decision = request.method === 'POST' ? this.decide(++this.posts) : 'pass';
    if (typeof decision === 'number') return void response.writeHead(decision, { 'retry-after': '0' }).end();
    const { 'content-type': type = '', authorization = '' } = request.headers;
    const body = request.method === 'POST' ? Buffer.concat(chunks) : undefined;
    const answer = await fetch(this.service + request.url, {
      method: request.method,
      headers: { 'content-type': type, authorization },
      body,
    });
    const text = await answer.text();
    if (decision === 'silent') return this.silent.resolve();
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' }).end(text);
  }
}
