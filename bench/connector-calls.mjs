// How many calls the Autotask connector makes per confirmed line, at a sandbox in this process. Needs a build, nothing running.
import { readManifest } from '../libs/connector-sdk/dist/index.js';
import { Bench, MemoryLedger } from '../libs/connector-sdk/dist/testing/index.js';
import { autotask } from '../apps/connector-autotask/dist/autotask.js';
import { startAutotaskSandbox } from '../apps/psa-sandbox/dist/start-autotask-sandbox.js';

const LINES = Number(process.argv[2] ?? '500'); // of as many customers as make five lines each
const PREVIEW = { customers: LINES, linesPerCustomer: 10 };
const LINES_PER_CUSTOMER = 5;
const DAY_MS = 86_400_000;
const manifest = readManifest(new URL('../apps/connector-autotask/connector.manifest.json', import.meta.url));
const secrets = { UserName: 'api-user@sandbox.example', Secret: 'sandbox-secret', ApiIntegrationCode: 'SANDBOX-CODE' };
const sandbox = await startAutotaskSandbox();

async function admin(method, path, body) {
  const headers = { 'content-type': 'application/json' };
  const options = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
  const answer = await fetch(`${sandbox.url}/_sandbox/${path}`, options);
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  const text = await answer.text();
  return text === '' ? undefined : JSON.parse(text);
}

const numbered = (count) => Array.from({ length: count }, (_, index) => index + 1);
await stage(LINES / LINES_PER_CUSTOMER, LINES_PER_CUSTOMER);

function stage(customerCount, lineCount) {
  const [customers, services] = [numbered(customerCount), numbered(lineCount)];
  return admin('PUT', 'state', {
    switches: { hourlyLimit: 1_000_000 },
    companies: customers.map((id) => ({ id, companyName: `Customer ${id}` })),
    contracts: customers.map((id) => ({
      id,
      companyID: id,
      contractName: 'Managed services',
      startDate: '2026-07-01',
      endDate: '2027-06-30',
    })),
    services: services.map((id) => ({ id, name: `Service ${id}`, unitPrice: 1 })),
    contractServices: customers.flatMap((contractID) =>
      services.map((serviceID) => ({ id: contractID * 100 + serviceID, contractID, serviceID, units: 0 })),
    ),
  });
}

const ledger = new MemoryLedger({ quietMs: 250, longestMs: 1_000 });
const bench = new Bench({ ledger, connector: autotask, manifest, baseUrl: sandbox.url, secrets, settings: { prorate: false } });
let version = 0;
const KINDS = new Set(['delivered', 'unchanged', 'planned']);

async function measure(what, units, { lines = LINES, linesPerCustomer = LINES_PER_CUSTOMER, isPreview = false } = {}) {
  version += 1;
  await admin('DELETE', 'stats');
  for (let line = 0; line < lines; line++) {
    const customer = Math.floor(line / linesPerCustomer) + 1;
    const place = {
      account: { billingIdentifier: String(customer) },
      product: { ref: String((line % linesPerCustomer) + 1), sku: 'S' },
    };
    await bench.accept(
      bench.change(version, units, { ...place, agreementLineKey: `${isPreview ? 'pv' : 'al'}_${line}`, prorate: false }),
      isPreview,
    );
  }
  const outcomes = ledger.outcomes.length;
  const startedAt = performance.now();
  await bench.run();
  const seconds = (performance.now() - startedAt) / 1_000;
  const confirmed = ledger.outcomes.slice(outcomes).filter(({ kind }) => KINDS.has(kind)).length;
  const { total, endpoints } = await admin('GET', 'stats');
  const writes = Object.entries(endpoints).filter(([name]) => /serviceadjustments/i.test(name));
  const written = writes.reduce((sum, [, { calls }]) => sum + calls, 0);
  const perLine = (total / confirmed).toFixed(3);
  console.log(
    `${what}: ${confirmed} lines confirmed, ${total} calls (${written} writes), ${perLine} calls per line, ${seconds.toFixed(1)} s`,
  );
}

await measure('first contact, all lines', '1');
await measure('all lines changed at once', '2');
await measure('all lines looked at again, nothing changed', '2');
await measure('one line changed, its place remembered', '3', { lines: 1 });
bench.later(DAY_MS);
await measure('one line changed, its place looked up', '4', { lines: 1 });
bench.later(DAY_MS);
await measure('the next day, all lines changed at once', '5');
bench.later(DAY_MS);
await measure('the next day, all lines looked at again, nothing changed', '5');
await stage(PREVIEW.customers, PREVIEW.linesPerCustomer);
const lines = PREVIEW.customers * PREVIEW.linesPerCustomer;
await measure(`preview, ${PREVIEW.customers} customers of 10 lines`, '6', { lines, linesPerCustomer: 10, isPreview: true });
await bench.stop();
await sandbox.close();
