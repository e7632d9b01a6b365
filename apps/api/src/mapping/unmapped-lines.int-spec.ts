import { agreementLineKeyOf } from '@trueup/contracts';
import type { PsaLine, PsaListPart } from '@trueup/contracts';
import { ensureAgreementLines, listProgress, recordListPart, recordListProblem, requestLists, writeParts } from '@trueup/control';
import { inTransaction } from '@trueup/persistence';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { StartedApi } from '../../test/started-api.js';

let api: StartedApi;
let connectionId: string;
beforeAll(async () => {
  api = await StartedApi.start();
  await api.db.query(
    `insert into control.line_part (line_key, tenant_id, customer_code, sku, payer_codes, target_version, target, is_undecided, updated_at)
     values ('ln_1', $1, 'Acme/1', 'S-1', array['Acme/1'], 1, '{}', false, $2)`,
    [api.tenantId, api.now],
  );
});
afterAll(() => api.stop());
beforeEach(async () => (connectionId = await api.connection()));

const ask = (query = '', more: object = {}) => api.call(`/v1/connections/${connectionId}/unmapped-lines${query}`, more);
const refsOf = ({ body }: Awaited<ReturnType<typeof ask>>) => body.data.map((line: PsaLine) => line.ref);

/** Line `ref` of account 174, agreement 7001, product 412. */
const line = (ref: string, more: Partial<PsaLine> = {}): PsaLine => {
  const refs = { accountRef: '174', agreementRef: '7001', productRef: '412' };
  return { ref, ...refs, accountName: 'Acme', agreementName: 'Managed', productName: 'Mailbox', quantity: '2', ...more };
};

/** What the connector would send through change-control. */
const answer = (number: number, lines: PsaLine[] | undefined, more: Partial<PsaListPart> = {}) => {
  const list = { part: 1, parts: 1, readAt: api.now.toISOString(), accounts: [], products: [], lines, ...more };
  return recordListPart(api.db, { tenantId: api.tenantId, connectionId, number, list });
};

/** The lists were asked for, and these lines answered. */
async function listed(...lines: PsaLine[]): Promise<void> {
  await requestLists(api.db, api.tenantId, connectionId);
  await answer(1, lines);
}

/** An agreement line with a part, as a mapping makes it. */
async function agreementLine(names: { account: string; product: string; agreement?: string }, isLeft = false): Promise<void> {
  const { tenantId } = api;
  const refs = { billingIdentifier: names.account, agreementRef: names.agreement ?? '', productRef: names.product, siteRef: '' };
  const identity = { connectionId, ...refs };
  const agreementLineKey = agreementLineKeyOf(identity);
  const flags = { isCurrent: !isLeft, isLeft, isClaimedTwice: false };
  const of = { connectionId, agreementLineKey, lineKey: 'ln_1', tenantId, customerCode: 'Acme/1' };
  const version = { targetVersion: 1, mappedFrom: '2026-03-01', steps: [], restated: null, periods: [] };
  await inTransaction(api.db, async (tx) => {
    await ensureAgreementLines(tx, [{ ...identity, agreementLineKey, tenantId, sku: 'S-1' }]);
    await writeParts(tx, [{ ...of, ...version, ...flags }]);
  });
}

describe('lines of the PSA that nothing names', () => {
  it('are asked for the first time, and told with their units and when they were read', async () => {
    const first = await ask();
    expect([first.status, first.body]).toEqual([202, { data: [], nextCursor: null, total: 0, readAt: null, isOld: true }]);
    await answer(1, [line('1', { quantity: '0' })]);
    const { status, body } = await ask();
    const readAt = api.now.toISOString();
    expect([status, body]).toEqual([
      200,
      { data: [line('1', { quantity: '0' })], nextCursor: null, total: 1, readAt, isOld: false },
    ]);
  });

  it('are those whose account, product or agreement no agreement line has', async () => {
    await listed(
      line('named'),
      line('account', { accountRef: '175' }),
      line('product', { productRef: '413' }),
      line('agreement', { agreementRef: '7002' }),
      line('unnameable', { accountRef: undefined }),
    );
    await agreementLine({ account: '174', product: '412', agreement: '7001' });
    expect(refsOf(await ask())).toEqual(['account', 'agreement', 'product', 'unnameable']);
  });

  it('are none of an account and product that a mapping names without an agreement, as PSAs compare texts', async () => {
    await listed(line('1', { accountRef: 'ACME' }), line('2', { accountRef: 'acme ', agreementRef: '7002' }));
    await agreementLine({ account: ' Acme', product: '412' });
    expect(refsOf(await ask())).toEqual([]);
  });

  it('are none of an agreement that a mapping names by its number', async () => {
    await listed(line('1', { agreementIdentifiers: ['MS-1'] }), line('2', { agreementIdentifiers: ['MS-2'] }));
    await agreementLine({ account: '174', product: '412', agreement: 'ms-1' });
    expect(refsOf(await ask())).toEqual(['2']);
  });

  it('are those again whose mapping has ended', async () => {
    await listed(line('1'));
    await agreementLine({ account: '174', product: '412' });
    expect(refsOf(await ask())).toEqual([]);
    await agreementLine({ account: '174', product: '412' }, true);
    expect(refsOf(await ask())).toEqual(['1']);
  });

  it('are not those of another connection of the tenant', async () => {
    await listed(line('1'));
    const own = connectionId;
    connectionId = await api.connection();
    await agreementLine({ account: '174', product: '412' });
    await listed(line('other'));
    connectionId = own;
    expect(refsOf(await ask())).toEqual(['1']);
  });

  it('come in pages by account name, each line once', async () => {
    const all = ['Beta', 'Acme', 'beta', 'Beta'].map((accountName, i) => line(`l${i}`, { accountName }));
    await requestLists(api.db, api.tenantId, connectionId);
    await answer(1, all.slice(2), { part: 2, parts: 2 });
    await answer(1, all.slice(0, 2), { parts: 2 });
    const pages = [];
    for (let cursor = ''; ;) {
      const { body } = await ask(`?limit=1${cursor && `&cursor=${cursor}`}`);
      pages.push([body.data[0].accountName, body.data[0].ref, body.data.length, body.total]);
      if (body.nextCursor === null) break;
      cursor = body.nextCursor;
    }
    expect(pages).toEqual([
      ['Acme', 'l1', 1, 4],
      ['Beta', 'l0', 1, 4],
      ['Beta', 'l3', 1, 4],
      ['beta', 'l2', 1, 4],
    ]);
  });

  it('are read again when a person wants that, and stay as known until the PSA has answered', async () => {
    await listed(line('1'));
    const again = await ask('?refresh=true');
    expect([again.status, refsOf(again)]).toEqual([202, ['1']]);
    await answer(2, [line('2')]);
    expect([(await ask()).status, refsOf(await ask())]).toEqual([200, ['2']]);
  });

  it('are unknown, and why, when the connector cannot list them or the PSA refuses', async () => {
    await requestLists(api.db, api.tenantId, connectionId);
    await answer(1, undefined);
    const silent = await ask();
    expect([silent.status, silent.body]).toMatchObject([
      200,
      { data: [], readAt: null, problem: { code: 'CAPABILITY_MISSING' } },
    ]);
    const problem = { code: 'SECRETS_INVALID', message: 'no' } as const;
    await recordListProblem(api.db, { tenantId: api.tenantId, connectionId, number: 2, problem });
    expect((await ask()).body.problem).toEqual(problem);
  });

  it('are counted by the check of the connection, once they were read', async () => {
    const check = async () => (await api.call(`/v1/connections/${connectionId}/check`, { method: 'POST' })).body;
    expect((await check()).unmappedLines).toBeUndefined();
    await listed(line('1'), line('2'));
    const see = `GET /v1/connections/${connectionId}/unmapped-lines`;
    expect((await check()).unmappedLines).toEqual({ total: 2, readAt: api.now.toISOString(), see });
  });

  it('are told only to those who see the whole tenant: they show the names of all accounts', async () => {
    const narrow = await api.token(undefined, { customerCodes: ['Acme/1'] });
    const mapper = await api.token(['mapping:write']);
    const foreign = await api.tenant('Second');
    const statuses = [];
    for (const token of [narrow, mapper, foreign.token]) statuses.push((await ask('?refresh=true', { token })).status);
    const { requested } = (await listProgress(api.db, api.tenantId, connectionId))!;
    expect([statuses, requested]).toEqual([[404, 403, 404], 0]);
  });
});
