// What a page of a list costs over 1,000,000 rows: the first page's p95, and page 1,000 beside page 1, against offset paging of the
// same rows. A scratch database with the real migrations and the real API; needs a build, nothing running.
// `node bench/lists.mjs 100000` for fewer rows. Writes bench/lists.json with --write.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { projectEvents, toEventRow } from '../libs/billing/dist/index.js';
import { openDatabase } from '../libs/persistence/dist/index.js';
import setup from '../libs/testing/dist/global-setup.js';
import { startedPostgres } from '../libs/testing/dist/index.js';
import { fillCustomers, fillUsers, template } from './peers/many-rows.mjs';

const ROWS = Number(process.argv[2] ?? '1000000');
const ROUNDS = 40;
const LIMIT = 100;
const FAR_PAGE = Math.min(1000, Math.floor(ROWS / LIMIT / 2));
const port = Number(process.env.TRUEUP_PORT_BASE ?? '33000') + 80;
const adminToken = randomBytes(24).toString('hex');

const stopServers = await setup();
const { url: databaseUrl } = await startedPostgres();
const api = await startApi();
const sql = new pg.Client(databaseUrl);
await sql.connect();
try {
  const [first] = (await sql.query('select id from access.tenant')).rows;
  const users = { tenantId: first.id, token: adminToken };
  const customers = await newTenant();
  for (const { tenantId } of [users, customers]) await project(tenantId);
  await fillUsers(sql, users.tenantId, ROWS);
  await fillCustomers(sql, customers.tenantId, ROWS);
  await sql.query('vacuum analyze');
  const figures = [];
  for (const list of listsOf(users, customers)) figures.push(await measure(list));
  if (process.argv.includes('--write')) {
    writeFileSync(new URL('lists.json', import.meta.url), `${JSON.stringify({ rows: ROWS, figures }, null, 2)}\n`);
  }
} finally {
  await sql.end();
  api.kill('SIGTERM');
  await new Promise((resolve) => api.once('exit', resolve));
  await stopServers();
}

/** Each list with the SQL that finds the key of its row number n, and what offset paging would read. */
function listsOf(users, customers) {
  const itemKey = 'customer_code, user_code, kind, code, instance, row_key';
  const held = `billing.holding where tenant_id = '${users.tenantId}' order by ${itemKey}`;
  const lines = `billing.line_target where tenant_id = '${customers.tenantId}'`;
  const known = `billing.customer where tenant_id = '${customers.tenantId}' order by customer_code`;
  const oneOf = `billing.event where tenant_id = '${users.tenantId}' and customer_code = 'C-0001' order by order_key`;
  return [
    { name: 'items', ...users, path: '/v1/billing/current/items', key: itemKey, from: held },
    { name: 'assignments', ...users, path: '/v1/assignments', key: itemKey, from: held },
    { name: 'customers', ...customers, path: '/v1/customers', key: 'customer_code', from: known },
    {
      name: 'lines',
      ...customers,
      path: '/v1/lines',
      key: 'customer_code, line_key',
      from: `${lines} order by customer_code, line_key`,
    },
    {
      name: 'summary',
      ...customers,
      path: '/v1/billing/current/summary',
      key: 'customer_code, sku',
      from: `${lines} order by customer_code, sku`,
    },
    { name: 'timeline', ...users, path: '/v1/customers/C-0001/timeline', key: 'order_key', from: oneOf, farPage: 5 },
  ];
}

async function measure({ name, token, path, key, from, farPage = FAR_PAGE }) {
  const cursor = await cursorBefore(key, from, (farPage - 1) * LIMIT);
  const first = await timesOf(() => read(`${path}?limit=${LIMIT}`, token));
  const far = await timesOf(() => read(`${path}?limit=${LIMIT}&cursor=${cursor}`, token));
  const offset = (page) => sql.query(`select * from ${from} limit ${LIMIT} offset ${(page - 1) * LIMIT}`);
  const [peerFirst, peerFar] = [await timesOf(() => offset(1)), await timesOf(() => offset(farPage))];
  const figure = {
    name,
    firstP95Ms: at(first, 0.95),
    firstMs: at(first, 0.5),
    farPage,
    farMs: at(far, 0.5),
    farRatio: at(far, 0.5) / at(first, 0.5),
    offsetRatio: at(peerFar, 0.5) / at(peerFirst, 0.5),
  };
  const { firstP95Ms, firstMs, farMs, farRatio, offsetRatio } = figure;
  console.log(
    `${name}: first page p95 ${firstP95Ms.toFixed(1)} ms (median ${firstMs.toFixed(1)}); page ${farPage} ${farMs.toFixed(1)} ms, ` +
      `${farRatio.toFixed(2)} of page 1; offset paging ${offsetRatio.toFixed(1)}`,
  );
  return figure;
}

async function cursorBefore(key, from, position) {
  const { rows } = await sql.query({ text: `select ${key} from ${from} limit 1 offset ${position - 1}`, rowMode: 'array' });
  return Buffer.from(JSON.stringify(rows[0])).toString('base64url');
}

async function timesOf(work) {
  for (let warm = 0; warm < 3; warm += 1) await work();
  const times = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAt = performance.now();
    await work();
    times.push(performance.now() - startedAt);
  }
  return times.sort((a, b) => a - b);
}

function at(times, part) {
  return times[Math.min(times.length - 1, Math.floor(times.length * part))];
}

async function read(path, token) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } });
  const text = await answer.text();
  const page = answer.ok ? JSON.parse(text) : { data: [] };
  if (page.data.length < LIMIT) throw new Error(`${path}: ${answer.status}, ${page.data.length} rows ${answer.ok ? '' : text}`);
}

async function newTenant() {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const answer = await fetch(`http://127.0.0.1:${port}/v1/tenants`, { method: 'POST', headers, body: '{"name":"Customers"}' });
  const { id, tokens } = await answer.json();
  return { tenantId: id, token: tokens.admin };
}

/** One seat through the real projection: what all other rows are copied from. */
async function project(tenantId) {
  const db = await openDatabase({ url: databaseUrl, applicationName: 'bench', schemas: [] });
  const now = new Date();
  const rows = template(now).map((event, offset) => {
    const origin = { topic: 'bench', partition: 0, offset: BigInt(offset), key: null, headers: {}, value: null };
    return toEventRow({ tenantId, event, recordedAt: now.toISOString() }, origin);
  });
  await db.transaction((tx) => projectEvents(tx, rows, now));
  await db.destroy();
}

async function startApi() {
  const env = {
    ...process.env,
    TRUEUP_DATABASE_URL: databaseUrl,
    TRUEUP_HTTP_PORT: String(port),
    TRUEUP_ADMIN_PORT: '0',
    TRUEUP_LOG_LEVEL: 'error',
    TRUEUP_MASTER_KEY: randomBytes(32).toString('base64'),
    TRUEUP_RATE_LIMIT_REQUESTS: '10000000',
    TRUEUP_BOOTSTRAP_ADMIN_TOKEN: adminToken,
    TRUEUP_BOOTSTRAP_EVENTS_TOKEN: randomBytes(24).toString('hex'),
  };
  const main = join(import.meta.dirname, '../apps/api/dist/main.js');
  const child = spawn(process.execPath, [main], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (let waited = 0; waited < 1800; waited += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/openapi.json`).catch(() => undefined); // not up yet
    if (answer?.ok) return child;
    await sleep(100);
  }
  throw new Error('the API does not come up');
}
