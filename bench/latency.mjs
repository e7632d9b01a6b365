// From the 2xx of an event to its write in the Autotask sandbox, one customer per event so that nothing coalesces.
import { call, endpoints, newTenant, percentile, seat, settled } from './running-product.mjs';

const COUNT = Number(process.argv[2] ?? 100);
const SPACING_MS = 100;
const sandbox = endpoints.sandboxes.autotask;
const tenant = await newTenant('Bench latency');
const api = (method, path, body) => call(method, `${endpoints.apiUrl}/v1${path}`, { token: tenant.tokens.admin, body });

const year = new Date().getUTCFullYear();
const first = 5_000_000 + (Date.now() % 1_000_000) * 1000;
const ids = Array.from({ length: COUNT }, (_, n) => first + n);
const { services } = await call('GET', `${sandbox}/_sandbox/state`);
await call('POST', `${sandbox}/_sandbox/state`, {
  body: {
    companies: ids.map((id) => ({ id, companyName: `Company ${id}` })),
    contracts: ids.map((id) => ({
      id,
      companyID: id,
      contractName: `Contract ${id}`,
      contractType: 7,
      status: 1,
      startDate: `${year}-01-01`,
      endDate: `${year + 1}-12-31`,
      contractPeriodType: 2,
    })),
    services: services.some((service) => service.id === 412)
      ? []
      : [{ id: 412, name: 'E3', unitPrice: 23.1, periodType: 2, isActive: true }],
    contractServices: ids.map((id) => ({ id, contractID: id, serviceID: 412, units: 0 })),
  },
});
const connection = await api('POST', '/connections', { kind: 'autotask', label: 'Bench', baseUrl: sandbox, settings: {} });
await api('PUT', `/connections/${connection.id}/secrets`, {
  UserName: 'api-user@sandbox.example',
  Secret: 'sandbox-secret',
  ApiIntegrationCode: 'SANDBOX-CODE',
});
await api('PUT', '/mappings/products/SKU-E3', [{ connectionId: connection.id, psaProductRef: '412', validFrom: '2020-01-01' }]);
for (const id of ids) {
  await api('PUT', `/mappings/customers/L${id}`, [
    { connectionId: connection.id, billingIdentifier: String(id), validFrom: '2020-01-01' },
  ]);
}
await api('PUT', `/connections/${connection.id}/mode`, { mode: 'auto' });
await settled();

const { lastSeq } = await call('GET', `${sandbox}/_sandbox/effects?since=0`);
const acknowledgedAt = new Map();
for (const id of ids) {
  await call('POST', `${endpoints.ingestUrl}/v1/events`, {
    token: tenant.tokens.events,
    body: seat(`L${id}`),
    contentType: 'application/cloudevents+json',
  });
  acknowledgedAt.set(id, Date.now());
  await new Promise((resolve) => setTimeout(resolve, SPACING_MS));
}
await settled();
const { effects } = await call('GET', `${sandbox}/_sandbox/effects?since=${lastSeq}`);
const latencies = effects
  .filter((effect) => effect.by === 'api')
  .map((effect) => Date.parse(effect.at) - acknowledgedAt.get(effect.body.contractID));
console.log(
  `writes ${latencies.length} of ${COUNT}  p50 ${percentile(latencies, 0.5)} ms  p95 ${percentile(latencies, 0.95)} ms`,
);
