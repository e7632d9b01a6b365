import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goldenState, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

describe('the ledger of effects', () => {
  it('has one effect for one POST, with what changed', async () => {
    await sandbox.adjust(3, '2027-06-10');
    const effects = await sandbox.effects(1);
    expect(effects).toHaveLength(1);
    expect(effects[0]).toMatchObject({
      seq: 2,
      at: '2026-07-15T12:00:00.000Z',
      method: 'POST',
      path: '/ATServicesRest/V1.0/Contracts/7001/ServiceAdjustments',
      body: { contractServiceID: 9050, unitChange: 3 },
      by: 'api',
    });
    const changed = effects[0]!.changed.map(({ entity, before, after }) => [entity, before?.['units'], after?.['units']]);
    expect(changed).toEqual([
      ['ContractServiceUnits', 11, 11],
      ['ContractServiceUnits', undefined, 14],
      ['ContractServiceAdjustments', undefined, undefined],
    ]);
  });

  it('leaves records out that were written back as they were', async () => {
    await sandbox.admin('PUT', 'state', await sandbox.admin('GET', 'state'));
    await sandbox.adjust(3, '2027-06-10');
    expect((await sandbox.effects(2))[0]?.changed).toHaveLength(3);
  });

  it('has none for a refused write, which the statistics count', async () => {
    await sandbox.adjust(3, '2028-01-01');
    expect(await sandbox.effects(1)).toEqual([]);
    expect(await sandbox.admin('GET', 'stats')).toMatchObject({ refusedWrites: 1 });
  });

  it('has none for reads and for writes that change nothing', async () => {
    await sandbox.unitsOn(9050, '2026-07-13');
    await sandbox.api('PATCH', 'Companies', { id: 174, companyName: 'Acme' });
    expect(await sandbox.effects(1)).toEqual([]);
  });

  it('has one for a write whose answer was dropped', async () => {
    await sandbox.admin('POST', 'faults', { kind: 'apply-then-drop-connection' });
    await expect(sandbox.adjust(3, '2026-07-13')).rejects.toThrow('fetch failed');
    expect(await sandbox.effects(1)).toHaveLength(1);
  });

  it('numbers concurrent writes without gaps and loses none', async () => {
    const days = Array.from({ length: 30 }, (_, index) => `2026-08-${String(index + 2).padStart(2, '0')}`);
    await Promise.all(days.map((day) => sandbox.adjust(1, day)));
    const effects = await sandbox.effects(1);
    expect(effects.map(({ seq }) => seq)).toEqual(days.map((_, index) => index + 2));
    expect(await sandbox.unitsOn(9050, '2026-08-31')).toBe(41);
  });

  it('stays when the state is replaced, and marks the spot', async () => {
    await sandbox.adjust(3, '2026-07-13');
    await sandbox.admin('PUT', 'state', goldenState);
    const effects = await sandbox.effects();
    expect(effects.map(({ by, changed }) => [by, changed.length > 0])).toEqual([
      ['admin', false],
      ['api', true],
      ['admin', false],
    ]);
  });

  it('names the admin side as origin of its calls', async () => {
    const body = { contractServiceID: 9050, unitChange: -1, effectiveDate: '2026-07-13' };
    const answer = await sandbox.admin('POST', 'calls', { method: 'POST', path: '/V1.0/ContractServiceAdjustments', body });
    expect(answer).toEqual({ status: 200, body: { itemId: null } });
    expect(await sandbox.effects(1)).toMatchObject([{ by: 'admin' }]);
  });
});
