import type { Outcome, QuantityChange } from '@trueup/contracts';
import {
  deliveriesOfLines,
  explainAgreementLine,
  findCheckAnswer,
  findConnection,
  listAgreementLines,
  listRuns,
  listUnmapped,
  readRunLog,
  requestCheck,
} from '@trueup/control';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ControlWorld } from './control-world.model.js';
import { targetOf } from './target.model.js';

let world: ControlWorld;
beforeAll(async () => {
  world = await ControlWorld.started();
});
afterAll(() => world.stop());

interface Released {
  id: string;
  tenantId: string;
  change: QuantityChange;
}

async function released(quantity = '4', mode: 'auto' | 'observe' = 'auto', settings: object = {}): Promise<Released> {
  const { id, tenantId } = await world.mappedTenant(mode, settings);
  await world.decide(targetOf({ tenantId }, 1, [['2026-11-23', quantity]]));
  return { id, tenantId, change: world.released(id, mode === 'auto' ? 'changes' : 'previews')[0]! };
}

const lineOf = async ({ id, tenantId }: Released) =>
  (await listAgreementLines(world.database, { tenantId, connectionId: id, reach: 'tenant', limit: 10 }))[0]!;

async function logOf(tenantId: string, filter: { code?: string; q?: string; level?: 'Info' } = {}) {
  const [run] = await listRuns(world.database, { tenantId, limit: 1 });
  return readRunLog(world.database, { tenantId, runId: run!.id, reach: 'tenant', limit: 100, ...filter });
}

const write = { writeKey: 'tu.1.1', effectiveDate: '2026-11-01', before: '0', after: '4', receipt: { itemId: 77 } };

describe('outcomes', () => {
  it.each([
    ['delivered', 'delivered', true],
    ['created', 'delivered', true],
    ['zeroed', 'delivered', true],
    ['unchanged', 'delivered', true],
    ['rejected', 'rejected', false],
    ['conflict', 'held', false],
    ['held', 'held', false],
    ['manual', 'manual', false],
  ] as const)('%s leave the line %s and settled', async (kind, state, isConfirmed) => {
    const one = await released();
    await world.answer(one.change, kind);
    expect(await lineOf(one)).toMatchObject({ state, code: 'LINE_UPDATED', message: kind });
    expect(await world.underWay(one.id)).toEqual([]);
    const explain = await explainAgreementLine(world.database, {
      ...one,
      connectionId: one.id,
      agreementLineKey: one.change.agreementLineKey,
      reach: 'tenant',
    });
    expect(explain).toMatchObject({ quantity: '4', offset: '0', parts: [{ quantity: '4' }], outcomes: [{ kind }] });
    const lineKeys = [one.change.parts[0]!.lineKey];
    const deliveries = await deliveriesOfLines(world.database, { tenantId: one.tenantId, reach: 'tenant', lineKeys });
    expect(deliveries.get(lineKeys[0]!)![0]!.delivered).toBe(isConfirmed ? '4' : undefined);
  });

  it.each([
    ['unsettled', 'unsettled', { code: 'OUTCOME_UNSETTLED' }, ['1 agreement lines unsettled']],
    ['deferred', 'pending', { code: 'BREAKER_OPEN' }, ['1 agreement lines pending']],
    ['deferred', 'pending', { code: 'EFFECTIVE_DATE_TAKEN' }, []],
    ['deferred', 'pending', { code: 'SECRET_MISSING' }, []],
    ['deferred', 'pending', { code: 'EFFECTIVE_DATE_SHIFTED', until: '2026-11-24' }, []],
    ['superseded', 'pending', {}, []],
  ] as const)('%s leave the line %s (%o), under way: %o', async (kind, state, more, underWay) => {
    const one = await released();
    await world.answer(one.change, kind, more as Partial<Outcome>);
    expect(await lineOf(one)).toMatchObject({ state });
    expect(await world.underWay(one.id)).toEqual(underWay);
  });

  it.each(['planned', 'unchanged'] as const)('of a preview that say %s leave the line observed', async (kind) => {
    const one = await released('4', 'observe');
    await world.answer(one.change, kind, { isPreview: true });
    expect(await lineOf(one)).toMatchObject({ state: 'observed' });
  });

  it('write the run log with alias, quantities, date and receipt', async () => {
    const one = await released();
    await world.answer(one.change, 'delivered', { writes: [write] });
    const [entry, ...more] = await logOf(one.tenantId, { code: 'AT09' });
    expect(more).toEqual([]);
    expect(entry).toMatchObject({
      code: 'LINE_UPDATED',
      alias: 'AT09',
      level: 'Info',
      owner: 'finance',
      customerCode: 'C1',
      sku: 'E3',
    });
    expect(entry!.message).toBe('E3 of account 7: delivered (0 → 4 from 2026-11-01)');
    expect(entry!.details).toMatchObject({ version: 1, writes: [write] });
    expect(await logOf(one.tenantId, { q: 'ACCOUNT 7' })).toHaveLength(1);
    expect(await logOf(one.tenantId, { q: '%' })).toEqual([]);
    expect((await logOf(one.tenantId, { level: 'Info' })).map(({ code }) => code)).toEqual(['RUN_STARTED', 'LINE_UPDATED']);
  });

  it('that arrive twice count once', async () => {
    const one = await released();
    const outcome = await world.answer(one.change, 'delivered', { writes: [write] });
    await world.answer(one.change, outcome.kind, outcome);
    expect(await logOf(one.tenantId, { code: 'LINE_UPDATED' })).toHaveLength(1);
  });

  it('of an older version never overwrite the state of the newer one', async () => {
    const one = await released();
    await world.decide(targetOf(one, 2, [['2026-11-23', '5']]));
    const newer = world.released(one.id)[1]!;
    await world.answer(one.change, 'delivered', { writes: [write] });
    expect(await lineOf(one)).toMatchObject({ state: 'pending', version: 2 });
    await world.answer(newer, 'delivered');
    await world.answer(one.change, 'superseded', { attempt: 2 });
    expect(await lineOf(one)).toMatchObject({ state: 'delivered', version: 2 });
  });

  it('of versions that nobody released, of another tenant or unreadable change nothing', async () => {
    const one = await released();
    await world.answer({ ...one.change, version: 9 }, 'delivered');
    await world.answer(one.change, 'delivered', { changeId: 'ch_made-up' });
    await world.answer(one.change, 'delivered', { tenantId: world.newTenant() });
    await world.answer(one.change, 'delivered', { at: 'yesterday' });
    expect(await lineOf(one)).toMatchObject({ state: 'pending' });
    const rows = await world.database.query<unknown[]>(`select 1 from control.quarantine where problems::text like '%/at%'`);
    expect(rows).toHaveLength(1);
  });

  it('with text that no database holds are applied', async () => {
    const one = await released();
    await world.answer(one.change, 'rejected', { code: 'LINE_UPDATE_FAILED', message: 'bad \u0000 \ud800 text' });
    expect(await lineOf(one)).toMatchObject({ state: 'rejected' });
  });

  it('with a baseline equal to ours move the first day of writing', async () => {
    const one = await released('4', 'auto', { prorate: true });
    const baseline = { steps: [{ from: '2026-01-01', quantity: '4' }], at: '2026-11-23T09:00:00Z' };
    await world.answer(one.change, 'unchanged', { baseline });
    expect(await lineOf(one)).toMatchObject({ baseline });
    await world.decide(targetOf(one, 2, [['2026-11-23', '5']]));
    expect(world.released(one.id)[1]).toMatchObject({ writesFrom: '2026-11-23', steps: [{ from: '2026-11-23', quantity: '5' }] });
  });

  it.each([
    ['0', '4'],
    ['3', '4'],
  ])('with a baseline of %s against %s do not move it', async (theirs, ours) => {
    const one = await released(ours, 'auto', { prorate: true });
    const baseline = { steps: [{ from: '2026-01-01', quantity: theirs }], at: '2026-11-23T09:00:00Z' };
    await world.answer(one.change, 'delivered', { baseline });
    await world.decide(targetOf(one, 2, [['2026-11-23', '5']]));
    expect(world.released(one.id)[1]).toMatchObject({ writesFrom: '2026-11-01' });
  });

  it('that say the secrets are refused suspend the connection, and nothing is under way then', async () => {
    const one = await released();
    await world.answer(one.change, 'deferred', { code: 'SECRETS_INVALID', message: 'The PSA refuses the secrets' });
    expect(await findConnection(world.database, one.tenantId, one.id)).toMatchObject({
      state: 'suspended',
      reason: 'The PSA refuses the secrets',
    });
    expect(await world.underWay(one.id)).toEqual([]);
  });

  it('of a check are stored with their findings', async () => {
    const one = await released();
    const number = (await requestCheck(world.database, one.tenantId, one.id))!;
    const findings = [{ code: 'CAPABILITY_MISSING', level: 'Warning', message: 'May not see contracts' } as const];
    await world.answer({ ...one.change, agreementLineKey: '', version: 0 }, 'checked', { checkRequested: number, findings });
    expect(await findCheckAnswer(world.database, one.tenantId, one.id, number)).toMatchObject({ findings });
  });
});

describe('the process', () => {
  it('goes on where it stopped', async () => {
    const one = await released();
    await world.stopControl();
    await world.publish(targetOf(one, 2, [['2026-11-23', '5']]));
    await world.startControl();
    await world.settle();
    expect(world.released(one.id).map((change) => change.version)).toEqual([1, 2]);
  });

  it('lists who is not mapped', async () => {
    const connection = await world.connect(world.newTenant());
    const { tenantId } = connection;
    await world.mapCustomer(connection, 'C2');
    await world.decide(
      targetOf({ tenantId }, 1, [['2026-11-23', '1']]),
      targetOf({ tenantId, customerCode: 'C2' }, 1, [['2026-11-23', '1']]),
    );
    expect(await listUnmapped(world.database, { tenantId, reach: 'tenant', limit: 10 })).toEqual([
      { customerCode: 'C1', code: 'CUSTOMER_UNMAPPED', skus: ['E3'], lines: 1 },
      { customerCode: 'C2', code: 'PRODUCT_NOT_FOUND', skus: ['E3'], lines: 1 },
    ]);
    expect(await listUnmapped(world.database, { tenantId, reach: { customerCodes: ['C2'] }, limit: 10 })).toHaveLength(1);
  });
});
