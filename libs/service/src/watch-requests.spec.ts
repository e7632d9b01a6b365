import fastify from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import { metrics } from './metrics.js';
import { watchServers } from './watch-requests.js';

watchServers();
const server = fastify();
afterEach(() => server.close());

describe('watchServers', () => {
  it("counts by the route's pattern and the class of the status, never by what the caller wrote", async () => {
    server.get('/v1/customers/:code', (request, reply) =>
      reply.code((request.params as { code: string }).code === 'X' ? 404 : 200).send(),
    );
    for (const path of ['/v1/customers/A', '/v1/customers/B', '/v1/customers/X', '/nowhere/17']) await server.inject(path);
    const lines = (await metrics.getSingleMetricAsString('trueup_http_requests_total')).split('\n');
    expect(lines.filter((line) => !line.startsWith('#')).sort()).toEqual([
      'trueup_http_requests_total{method="GET",route="(none)",status="4xx"} 1',
      'trueup_http_requests_total{method="GET",route="/v1/customers/:code",status="2xx"} 2',
      'trueup_http_requests_total{method="GET",route="/v1/customers/:code",status="4xx"} 1',
    ]);
  });
});
