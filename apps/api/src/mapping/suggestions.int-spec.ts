import type { PsaEntry } from '@trueup/contracts';
import { recordListPart, recordListProblem } from '@trueup/control';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
let connectionId: string;
beforeAll(async () => {
  api = await StartedApi.start();
  await waiting('Acme/1', 'S-MAIL');
  await waiting('Unknown', 'S-BACKUP');
  await named('Acme/1', 'Acme Müller Ltd');
});
afterAll(() => api.stop());
beforeEach(async () => (connectionId = await api.connection()));

/** A line that waits for the mapping of its customer and sku. */
async function waiting(customerCode: string, sku: string): Promise<void> {
  await api.db.query(
    `insert into control.line_part (line_key, tenant_id, customer_code, sku, payer_codes, target_version, target, is_undecided, code, updated_at)
     values ($1, $2, $3, $4, array[$3], 1, '{}', false, 'CUSTOMER_UNMAPPED', $5)`,
    [`ln_${customerCode}`, api.tenantId, customerCode, sku, api.now],
  );
}

async function named(customerCode: string, name: string): Promise<void> {
  await api.db.query('insert into billing.customer (tenant_id, customer_code, name) values ($1, $2, $3)', [
    api.tenantId,
    customerCode,
    name,
  ]);
}

const ask = (query = '', more: object = {}) => api.call(`/v1/mappings/suggestions?connectionId=${connectionId}${query}`, more);
const accounts: PsaEntry[] = [
  { ref: '174', name: 'ACME Muller' },
  { ref: '175', name: 'Something else' },
];
const products: PsaEntry[] = [
  { ref: '29', name: 'Mailbox', identifiers: ['s-mail'] },
  { ref: '30', name: 'Backup A', identifiers: ['s-backup'] },
  { ref: '31', name: 'Backup B', identifiers: ['S-BACKUP'] },
];

/** What the connector would send through change-control. */
const answer = (number: number, lists: { accounts: PsaEntry[]; products: PsaEntry[] }, part = 1, parts = 1) =>
  recordListPart(api.db, {
    tenantId: api.tenantId,
    connectionId,
    number,
    list: { part, parts, readAt: api.now.toISOString(), ...lists },
  });

async function asked(): Promise<number> {
  for (let i = 0; i < 40; i++) {
    const { body } = await api.call('/internal/v1/connections', { token: 'the-service-token' });
    const { listRequested } = body.connections.find((row: { id: string }) => row.id === connectionId);
    if (listRequested > 0) return listRequested as number;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('nobody asked for the lists');
}

describe('suggestions for what is not mapped', () => {
  it('ask the PSA the first time, and name what looks alike and why', async () => {
    const asking = ask();
    await answer(await asked(), { accounts, products });
    const { status, body } = await asking;
    const acme = { billingIdentifier: '174', name: 'ACME Muller', score: 0.95, reason: 'same-name' };
    const mailbox = { psaProductRef: '29', name: 'Mailbox', score: 1, reason: 'same-identifier' };
    expect([status, body.isOld, body.readAt, body.total]).toEqual([
      200,
      false,
      api.now.toISOString(),
      { customers: 2, products: 2 },
    ]);
    expect(body.customers).toEqual([
      { customerCode: 'Acme/1', name: 'Acme Müller Ltd', suggestion: acme, candidates: [acme] },
      { customerCode: 'Unknown', name: 'Unknown', suggestion: null, candidates: [] },
    ]);
    expect(body.products).toMatchObject([
      {
        sku: 'S-BACKUP',
        suggestion: null,
        doubt: 'several-alike',
        candidates: [{ psaProductRef: '30' }, { psaProductRef: '31' }],
      },
      { sku: 'S-MAIL', suggestion: mailbox },
    ]);
  });

  it('leave out what is mapped meanwhile, and do not offer its account to others', async () => {
    const asking = ask();
    await answer(await asked(), { accounts: [...accounts, { ref: '176', name: 'Unknown' }], products });
    await asking;
    const row = { connectionId, billingIdentifier: '176', validFrom: '2026-03-01' };
    await api.call('/v1/mappings/customers/Acme%2F1', { method: 'PUT', body: [row] });
    const { body } = await ask();
    expect(body.customers).toMatchObject([{ customerCode: 'Unknown', suggestion: null, doubt: 'mapped-already' }]);
  });

  it('answer 202 with what is known while the PSA has not answered', async () => {
    const first = await ask();
    expect([first.status, first.body.readAt, first.body.isOld]).toEqual([202, null, true]);
    await answer(1, { accounts, products }, 2, 2);
    expect((await ask()).status).toBe(202);
    await answer(1, { accounts: [{ ref: '900', name: 'Acme Mueller' }], products: [] }, 1, 2);
    const whole = await ask();
    expect([whole.status, whole.body.customers[0].candidates.length]).toEqual([200, 2]);
  });

  it('say when they are old, and ask again when a person wants that', async () => {
    await ask();
    await answer(1, { accounts, products });
    const { now } = api;
    api.now = new Date(now.getTime() + 86_400_001);
    const old = await ask();
    const again = await ask('&refresh=true');
    api.now = now;
    expect([old.status, old.body.isOld, again.status, await asked()]).toEqual([200, true, 202, 2]);
    await answer(2, { accounts: [], products: [] });
    expect((await ask()).body.customers[0].candidates).toEqual([]);
  });

  it('say why the PSA did not answer with lists, and do not ask it again by themselves', async () => {
    await ask();
    const problem = { code: 'SECRETS_INVALID', message: 'The PSA does not accept the secrets (401)' } as const;
    await recordListProblem(api.db, { tenantId: api.tenantId, connectionId, number: 1, problem });
    const { status, body } = await ask();
    expect([status, body.problem, await asked()]).toEqual([200, problem, 1]);
  });

  it('are for those who map the whole tenant: they show the names of all accounts', async () => {
    const narrow = await api.token(undefined, { customerCodes: ['Acme/1'] });
    const reader = await api.token(['billing:read']);
    const foreign = await api.tenant('Second');
    const statuses = [];
    for (const token of [narrow, reader, foreign.token]) statuses.push((await ask('', { token })).status);
    expect(statuses).toEqual([404, 403, 404]);
  });
});
