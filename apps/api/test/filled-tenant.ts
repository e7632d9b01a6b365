import { countProjected, listQuarantined, projectEvents, quarantine, toEventRow, writeAccepted } from '@trueup/billing';
import type { LineTarget, ProvisioningEvent } from '@trueup/contracts';
import { agreementLineKeyOf, toEventRecord } from '@trueup/contracts';
import {
  appendLog,
  ensureAgreementLines,
  recordListPart,
  requestLists,
  startDayRuns,
  storeTargets,
  writeParts,
} from '@trueup/control';
import { inTransaction } from '@trueup/persistence';
import type { StartedApi } from './started-api.js';

/** Appears in everything that belongs to the filled tenant and nowhere else. */
export const mark = 'Zebra';

/** A code that needs encoding in an address. */
export const customerCode = `${mark}/1`;

export interface FilledTenant {
  connectionId: string;
  lineKey: string;
  agreementLineKey: string;
  runId: string;
  sku: string;
  tokenId: string;
  importId: string;
  operationId: string;
  quarantineId: string;
}

let offset = 0n;

/** Fills the first tenant through the stores: two seats of one customer of a reseller, mapped, one agreement line, one run. */
export async function fillTenant(api: StartedApi): Promise<FilledTenant> {
  const { tenantId } = api;
  const sku = `${mark}-SKU`;
  const connectionId = await api.connection();
  const token = await api.call('/v1/tokens', { method: 'POST', body: { label: `${mark} token`, scopes: ['billing:read'] } });
  await mapAll(api, connectionId, sku);
  await project(api, events(sku));
  const target = await sentTarget(api);
  await inTransaction(api.db, (tx) => storeTargets(tx, [{ target, payerCodes: [customerCode] }], api.now));
  const agreementLineKey = await bill(api, connectionId, target);
  await listed(api, connectionId);
  const [run] = await startDayRuns(api.db, [{ tenantId, connectionId, localDate: '2026-03-10' }], api.now);
  const entry = {
    runId: run!.id,
    tenantId,
    connectionId,
    kind: 'autotask',
    code: 'LINE_UPDATED',
    customerCode,
    sku,
    message: `${mark} raised`,
  } as const;
  await appendLog(api.db, [entry], api.now);
  const importId = await imported(api, connectionId);
  const operation = await api.call('/v1/periods/current/reprocess?dryRun=true', { method: 'POST' });
  const ids = {
    runId: run!.id,
    tokenId: token.body.id,
    importId,
    operationId: operation.body.id,
    quarantineId: await quarantined(api),
  };
  return { connectionId, lineKey: target.lineKey, agreementLineKey, sku, ...ids };
}

/** What the connector said that the PSA has: the customer's account with a line that nobody maps. */
async function listed({ db, tenantId, now }: StartedApi, connectionId: string): Promise<void> {
  const number = (await requestLists(db, tenantId, connectionId))!;
  const accounts = [{ ref: mark, name: `${mark} Ltd` }];
  const products = [{ ref: `${mark}-backup`, name: `${mark} backup` }];
  const refs = { ref: '9051', accountRef: mark, agreementRef: '7001', productRef: `${mark}-backup`, quantity: '3' };
  const names = { accountName: `${mark} Ltd`, agreementName: `${mark} managed services`, productName: `${mark} backup` };
  const list = { part: 1, parts: 1, readAt: now.toISOString(), accounts, products, lines: [{ ...refs, ...names }] };
  await recordListPart(db, { tenantId, connectionId, number, list });
}

async function mapAll(api: StartedApi, connectionId: string, sku: string): Promise<void> {
  const validFrom = '2026-03-01';
  const put = (path: string, body: unknown) => api.call(path, { method: 'PUT', body });
  await put(`/v1/mappings/customers/${encodeURIComponent(customerCode)}`, [{ connectionId, billingIdentifier: mark, validFrom }]);
  await put(`/v1/mappings/products/${sku}`, [{ connectionId, psaProductRef: mark, validFrom }]);
  await put(`/v1/catalogue/services/${mark}`, { rows: [{ planCode: null, sku, validFrom: '2026-01-01' }] });
}

/** A good event that was set aside; its release counts one more seat. */
async function quarantined(api: StartedApi): Promise<string> {
  const { tenantId } = api;
  const seat = { userCode: 'u3', serviceCode: mark, serviceName: mark, sku: `${mark}-SKU` };
  const late = event('e4', '2026-03-06T00:00:00Z', 'user.service.assigned', seat);
  const { value, headers } = toEventRecord({ tenantId, event: late, recordedAt: api.now.toISOString() });
  const origin = { topic: 't', partition: 1, offset: offset++, key: null, headers, value: Buffer.from(value) };
  const errors = [{ pointer: '', detail: `${mark} was refused` }];
  await quarantine(api.db, [{ tenantId, reason: 'not-applicable', errors, origin }], api.now);
  await countProjected(api.db, { partition: 1, aside: [{ tenantId, recordedAt: api.now.toISOString() }], now: api.now });
  await accept(api, 1);
  return `qua_${(await listQuarantined(api.db, tenantId, {}, { limit: 1 })).data[0]!.id}`;
}

async function imported(api: StartedApi, connectionId: string): Promise<string> {
  const raw = `customerCode,connectionId,billingIdentifier,validFrom\n${mark}/2,${connectionId},${mark},2026-03-01`;
  const call = { method: 'POST', raw, headers: { 'content-type': 'text/csv' } };
  return (await api.call('/v1/mappings/import?kind=customers', call)).body.importId;
}

/** An event of the filled tenant's customer. */
export function event(id: string, time: string, type: string, data: object): ProvisioningEvent {
  const attributes = { specversion: '1.0', id, source: 'urn:spec', time, subject: customerCode, type: `trueup.${type}.v1` };
  return { ...attributes, data } as unknown as ProvisioningEvent;
}

function events(sku: string): ProvisioningEvent[] {
  const seat = (userCode: string) => ({ userCode, serviceCode: mark, serviceName: mark, sku });
  return [
    event('e1', '2026-02-01T00:00:00Z', 'customer.created', { name: `${mark} Ltd`, resellerCode: 'R1', billedBy: 'provider' }),
    event('e2', '2026-02-02T00:00:00Z', 'user.service.assigned', seat('u1')),
    event('e3', '2026-03-05T00:00:00Z', 'user.service.assigned', seat('u2')),
  ];
}

/** Applies events of the first tenant. */
export async function project(api: StartedApi, all: readonly ProvisioningEvent[]): Promise<void> {
  const rows = all.map((event) => {
    const origin = { topic: 't', partition: 0, offset: offset++, key: null, headers: {}, value: Buffer.from('{}') };
    return toEventRow({ tenantId: api.tenantId, event, recordedAt: api.now.toISOString() }, origin);
  });
  await inTransaction(api.db, async (tx) => {
    const { stored } = await projectEvents(tx, rows, api.now);
    await countProjected(tx, { partition: 0, stored, aside: [], now: api.now });
  });
  await accept(api, all.length);
}

let accepted = 0;

/** Ingest has acknowledged as many events. */
function accept({ db, tenantId, now }: StartedApi, events: number): Promise<void> {
  return writeAccepted(db, `ingest-${++accepted}`, [{ tenantId, hour: now, accepted: events }]);
}

async function sentTarget(api: StartedApi): Promise<LineTarget> {
  const rows = await api.db.query<{ value: string }[]>('select value from billing.outbox order by id desc limit 1');
  return JSON.parse(rows[0]!.value) as LineTarget;
}

async function bill(api: StartedApi, connectionId: string, target: LineTarget): Promise<string> {
  const { tenantId } = api;
  const identity = { connectionId, billingIdentifier: mark, agreementRef: '', productRef: mark, siteRef: '' };
  const agreementLineKey = agreementLineKeyOf(identity);
  const { lineKey, targetVersion } = target;
  const steps = [{ from: '2026-03-01', quantity: '2', periodId: '2026-03-31' }];
  const flags = { isCurrent: true, isLeft: false, isClaimedTwice: false };
  const part = {
    connectionId,
    agreementLineKey,
    lineKey,
    tenantId,
    customerCode,
    targetVersion,
    mappedFrom: '2026-03-01',
    steps,
    restated: null,
    periods: [],
    ...flags,
  };
  await inTransaction(api.db, async (tx) => {
    await ensureAgreementLines(tx, [{ ...identity, agreementLineKey, tenantId, sku: target.sku }]);
    await writeParts(tx, [part]);
  });
  return agreementLineKey;
}
