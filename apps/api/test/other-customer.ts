import { projectEvents, toEventRow } from '@trueup/billing';
import type { LineTarget, ProvisioningEvent } from '@trueup/contracts';
import { agreementLineKeyOf } from '@trueup/contracts';
import { appendLog, ensureAgreementLines, storeTargets, writeParts } from '@trueup/control';
import { inTransaction } from '@trueup/persistence';
import type { KnownIds } from './listed-routes.js';
import type { StartedApi } from './started-api.js';

/** Appears in everything that belongs to the other customer of the filled tenant and nowhere else. */
export const otherMark = 'Okapi';

const customerCode = `${otherMark}/1`;

/** A second customer of the filled tenant, without a reseller: a seat, a mapping, an agreement line, an entry in the same run. */
export async function addOtherCustomer(api: StartedApi, known: KnownIds): Promise<KnownIds> {
  const { tenantId } = api;
  const { connectionId, runId, sku } = known;
  const rows = [{ connectionId, billingIdentifier: otherMark, validFrom: '2026-03-01' }];
  await api.call(`/v1/mappings/customers/${encodeURIComponent(customerCode)}`, { method: 'PUT', body: rows });
  await project(api, sku);
  const [sent] = await api.db.query<{ value: string }[]>('select value from billing.outbox order by id desc limit 1');
  const target = JSON.parse(sent!.value) as LineTarget;
  await inTransaction(api.db, (tx) => storeTargets(tx, [{ target, payerCodes: [customerCode] }], api.now));
  const agreementLineKey = await bill(api, connectionId, target);
  const entry = {
    runId,
    tenantId,
    connectionId,
    kind: 'autotask',
    code: 'LINE_UPDATED',
    customerCode,
    sku,
    message: otherMark,
  } as const;
  await appendLog(api.db, [entry], api.now);
  return { ...known, customerCode, lineKey: target.lineKey, agreementLineKey };
}

async function project(api: StartedApi, sku: string): Promise<void> {
  const event = (id: string, type: string, data: object) =>
    ({
      specversion: '1.0',
      id,
      source: 'urn:other',
      time: '2026-02-01T00:00:00Z',
      subject: customerCode,
      type: `trueup.${type}.v1`,
      data,
    }) as unknown as ProvisioningEvent;
  const all = [
    event('o1', 'customer.created', { name: `${otherMark} Ltd`, billedBy: 'provider' }),
    event('o2', 'user.service.assigned', { userCode: otherMark, serviceCode: otherMark, serviceName: otherMark, sku }),
  ];
  const recordedAt = api.now.toISOString();
  const stored = all.map((one, index) => {
    const origin = { topic: 'other', partition: 0, offset: BigInt(index), key: null, headers: {}, value: Buffer.from('{}') };
    return toEventRow({ tenantId: api.tenantId, event: one, recordedAt }, origin);
  });
  await inTransaction(api.db, (tx) => projectEvents(tx, stored, api.now));
}

async function bill(api: StartedApi, connectionId: string, { lineKey, targetVersion, sku }: LineTarget): Promise<string> {
  const { tenantId } = api;
  const identity = { connectionId, billingIdentifier: otherMark, agreementRef: '', productRef: otherMark, siteRef: '' };
  const agreementLineKey = agreementLineKeyOf(identity);
  const steps = [{ from: '2026-03-01', quantity: '1', periodId: '2026-03-31' }];
  const flags = { isCurrent: true, isLeft: false, isClaimedTwice: false };
  const place = { connectionId, agreementLineKey, lineKey, tenantId, customerCode, targetVersion, mappedFrom: '2026-03-01' };
  await inTransaction(api.db, async (tx) => {
    await ensureAgreementLines(tx, [{ ...identity, agreementLineKey, tenantId, sku }]);
    await writeParts(tx, [{ ...place, steps, restated: null, periods: [], ...flags }]);
  });
  return agreementLineKey;
}
