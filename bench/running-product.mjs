// The product that is running now, by its card.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const home = process.env.TRUEUP_HOME ?? join(import.meta.dirname, '../.trueup');
export const endpoints = JSON.parse(readFileSync(join(home, 'endpoints.json'), 'utf8'));

export async function call(method, url, { token = endpoints.tokens.admin, body, contentType = 'application/json' } = {}) {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': contentType }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** A fresh tenant, so that runs do not see each other's rows. */
export async function newTenant(name) {
  return call('POST', `${endpoints.apiUrl}/v1/tenants`, { body: { name } });
}

/** A call of the runtime's control side. */
export function control(path, body) {
  return call('POST', `${endpoints.controlUrl}${path}`, { token: endpoints.tokens.control, body });
}

export function settled(timeoutSeconds = 300) {
  return control('/settled', { timeoutSeconds });
}

let counter = 0;
const run = `${process.pid}-${Date.now()}`;

/** A seat of a new user; 1 in 100 customers' worth of spread, so that several partitions have work. */
export function seat(customer = `C${counter % 100}`) {
  counter += 1;
  return {
    specversion: '1.0',
    id: `${run}-${counter}`,
    source: 'urn:bench',
    type: 'trueup.user.service.assigned.v1',
    time: new Date(Date.now() - 3_600_000 + counter).toISOString(),
    subject: customer,
    actorid: 'bench',
    data: { userCode: `u${counter}`, serviceCode: 'M365-E3', serviceName: 'Microsoft 365 E3', sku: 'SKU-E3' },
  };
}

export function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

export function percentile(values, share) {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];
}

export function printRatio(figure, product, peer) {
  console.log(`${figure}  product ${Math.round(product)}  peer ${Math.round(peer)}  ratio ${(product / peer).toFixed(2)}`);
}
