import { type Runtime, call } from '@trueup/testing/product';

/** Where the local runtime puts the second and later replicas of what people call, counted from the api's port. */
const [FIRST, LAST] = [20, 39];

interface Probe {
  method: 'GET' | 'POST';
  path: string;
}

/** A call that needs a token and changes nothing whatever the answer is. */
export const PROBES = {
  api: { method: 'GET', path: '/v1/lines?limit=1' },
  ingest: { method: 'POST', path: '/v1/events' },
} as const satisfies Readonly<Record<string, Probe>>;

/** The addresses of every replica of a service: those that refuse its probe for want of a token. */
export async function replicasOf(runtime: Runtime, service: keyof typeof PROBES): Promise<string[]> {
  const { apiUrl, ingestUrl } = runtime.endpoints;
  const first = service === 'api' ? apiUrl : ingestUrl;
  const base = Number(new URL(apiUrl).port);
  const ports = Array.from({ length: LAST - FIRST + 1 }, (_, index) => base + FIRST + index);
  const further = await Promise.all(
    ports.map((port) => `http://127.0.0.1:${port}`).map(async (url) => ((await isOne(url, service)) ? [url] : [])),
  );
  return [first, ...further.flat()];
}

async function isOne(url: string, service: keyof typeof PROBES): Promise<boolean> {
  const { method, path } = PROBES[service];
  return call(method, `${url}${path}`, { expect: 401 }).then(
    () => true,
    () => false, // nobody there, or another service
  );
}
