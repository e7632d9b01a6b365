import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const harnessUrlVariable = 'TRUEUP_TEST_HARNESS_URL';
const parts = ['kafka', 'postgres', 'redis'] as const;
export type HarnessPart = (typeof parts)[number];

/** Starts parts on first demand; a part's address, or null where it cannot be had. */
export interface HarnessParts {
  start(part: HarnessPart): Promise<string | null>;
  stop(): Promise<void>;
}

/**
 * Test workers are processes of their own and come and go; this loopback server in the run's main process
 * starts each part once, when the first of them asks, so that a run without integration tests starts nothing.
 */
export async function startHarnessServer(source: HarnessParts): Promise<{ url: string; stop(): Promise<void> }> {
  const started = new Map<HarnessPart, Promise<string | null>>();
  const server = createServer((request, response) => {
    void answer(request.url ?? '').then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    });
  });
  const answer = async (path: string): Promise<{ status: number; body: object }> => {
    const part = parts.find((name) => path === `/${name}`);
    if (part === undefined) return { status: 404, body: { problem: `${path} is not a part` } };
    if (!started.has(part)) started.set(part, source.start(part));
    return started.get(part)!.then(
      (address) => ({ status: 200, body: { address } }),
      (error: unknown) => ({ status: 503, body: { problem: String(error) } }),
    );
  };
  await listen(server);
  const stop = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await Promise.allSettled(started.values()); // a part that still starts must not outlive the run
    await source.stop();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, stop };
}

function listen(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
}
