import { wordsOf } from '@trueup/connector-sdk/testing';
import { startAutotaskSandbox, type RunningSandbox } from '@trueup/psa-sandbox/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elevenVouchedFor, golden, SandboxScene, stepsOf } from './sandbox-scene.model.js';

const HOUR_MS = 3_600_000;
let sandbox: RunningSandbox;
let scene: SandboxScene;
let now: Date;

beforeEach(async () => {
  now = new Date('2026-07-20T10:00:00.000Z');
  sandbox = await startAutotaskSandbox({ clock: { now: () => now, offsetMs: () => 0, moveTo: () => undefined } });
  scene = new SandboxScene(sandbox.url);
  await scene.open();
});
afterEach(async () => {
  await scene.close();
  await sandbox.close();
});

const switched = (switches: Record<string, unknown>) => scene.admin('PUT', 'state', { ...golden, switches });

describe('what nobody has recorded of Autotask', () => {
  it.each(['same-day', 'day-before'])(
    'does not matter where a row ends (%s), not even on the last day of a period',
    async (rowEnd) => {
      await switched({ rowEnd });
      const first = stepsOf(['2026-07-01', '11'], ['2026-07-13', '14']);
      await scene.deliver({ ...elevenVouchedFor, steps: first });
      const last = [...first, ...stepsOf(['2026-07-31', '9'])];
      scene.bench.later(14 * 24 * HOUR_MS);
      await scene.deliver({ steps: last }, 2);
      await scene.deliver({ steps: [...last, ...stepsOf(['2026-08-01', '10'])] }, 3);
      await scene.bench.run(24 * HOUR_MS);
      expect(await scene.effects()).toEqual(['3 on 2026-07-13', '-5 on 2026-07-31', '1 on 2026-08-01']);
      expect(wordsOf(scene.ledger.outcomes).filter((word) => !word.startsWith('deferred'))).toEqual(
        Array.from({ length: 3 }, () => 'delivered:LINE_UPDATED'),
      );
    },
  );

  it.each(['inside-periods', 'always', 'never'])(
    'nets the changes of a day into one write (same dates refused %s)',
    async (sameDateRule) => {
      await switched({ sameDateRule });
      for (const [version, units] of ['12', '13', '15'].entries()) {
        await scene.deliver({ ...elevenVouchedFor, steps: stepsOf(['2026-07-01', '11'], ['2026-07-20', units]) }, version + 1);
      }
      expect(scene.ledger.outcomes.at(-1)).toMatchObject({ kind: 'deferred', until: '2026-07-21' });
      expect(await scene.ledger.openWork()).toEqual({ due: 0, unsettled: 0 });
      await scene.bench.run(14 * HOUR_MS);
      expect(await scene.effects()).toEqual([]);
      await scene.bench.run(2 * HOUR_MS);
      expect(await scene.effects()).toEqual(['4 on 2026-07-20']);
    },
  );

  it.each(['refuse', 'accept'])('never writes into a posted period (%s)', async (postedPeriods) => {
    await switched({ postedPeriods });
    const rows = await scene.admin<{ contractServiceUnits: { startDate: string }[] }>('GET', 'state');
    const contractServiceUnits = rows.contractServiceUnits.map((row) =>
      row.startDate.startsWith('2026-07') ? { ...row, approveAndPostDate: '2026-07-19T00:00:00Z' } : row,
    );
    await scene.admin('PATCH', 'state', { contractServiceUnits });
    await scene.deliver({ ...elevenVouchedFor, prorate: false, steps: stepsOf(['2026-07-01', '12']) });
    expect(await scene.effects()).toEqual(['1 on 2026-08-01']);
    expect(scene.ledger.outcomes.at(-1)?.message).toContain('EFFECTIVE_DATE_SHIFTED');
  });

  it.each([
    ['never', ['9 on 2026-07-25', '-11 on 2026-07-13'], 'zeroed:LINE_ZEROED'],
    ['inside-periods', ['-2 on 2026-07-13'], 'held:DRIFT_DETECTED'],
  ])('goes no lower than a decrease that somebody has scheduled (same dates refused %s)', async (sameDateRule, effects, word) => {
    await switched({ negativeUnits: 'refuse', sameDateRule });
    const adjustment = { contractServiceID: 9050, contractID: 7001, unitChange: -9, effectiveDate: '2026-07-25' };
    await scene.admin('POST', 'calls', {
      method: 'POST',
      path: '/ATServicesRest/V1.0/Contracts/7001/ServiceAdjustments',
      body: adjustment,
    });
    const found = stepsOf(['2026-07-01', '11'], ['2026-07-25', '2']);
    await scene.deliver({ acceptFound: { steps: found }, steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '0']) });
    expect(await scene.effects()).toEqual(effects);
    expect(wordsOf(scene.ledger.outcomes)).toEqual([word]);
    expect(scene.ledger.outcomes[0]?.writes).toHaveLength(effects.length);
  });
});

describe('a contract that is not in force', () => {
  const window = (startDate: string, endDate: string) =>
    scene.admin('PATCH', 'state', { contracts: [{ ...golden.contracts[0], startDate, endDate }] });
  const none = { contractServices: [{ ...golden.contractServices[0], units: 0 }], contractServiceUnits: [] };

  it('takes the units on its first day when it is still to come', async () => {
    await scene.admin('PUT', 'state', { ...golden, ...none });
    await window('2026-08-01', '2027-07-31');
    await scene.deliver({ prorate: false, steps: stepsOf(['2026-07-01', '3']) });
    expect(await scene.effects()).toEqual(['3 on 2026-08-01']);
    await scene.deliver({ prorate: false, steps: stepsOf(['2026-07-01', '4']) }, 2);
    expect(wordsOf(scene.ledger.outcomes)).toEqual(['delivered:LINE_UPDATED', 'delivered:LINE_UPDATED']);
  });

  it('is adopted when it is still to come and holds ours already', async () => {
    await scene.admin('PUT', 'state', { ...golden, contracts: [{ ...golden.contracts[0], startDate: '2026-08-01' }] });
    await scene.deliver({ prorate: false, steps: stepsOf(['2026-07-01', '11']) });
    expect([await scene.effects(), wordsOf(scene.ledger.outcomes)]).toEqual([[], ['unchanged:LINE_UNCHANGED']]);
  });

  it('gets what belongs to its days after its end, and refuses later ones', async () => {
    await scene.admin('PUT', 'state', { ...golden, contracts: [{ ...golden.contracts[0], endDate: '2026-07-31' }] });
    await scene.deliver({ ...elevenVouchedFor, steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '12']) });
    scene.bench.later(14 * 24 * HOUR_MS);
    await scene.deliver({ steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '12'], ['2026-07-22', '9']) }, 2);
    expect(await scene.effects()).toEqual(['1 on 2026-07-13', '-3 on 2026-07-22']);
    expect(wordsOf(scene.ledger.outcomes)).toEqual(['delivered:LINE_UPDATED', 'rejected:AGREEMENT_NOT_FOUND']);
    await scene.deliver(
      { steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '12'], ['2026-07-22', '9'], ['2026-08-01', '0']) },
      3,
    );
    expect(wordsOf(scene.ledger.outcomes).at(-1)).toBe('unchanged:LINE_UNCHANGED');
  });
});

describe('limits and access', () => {
  it('has at most two calls at a time at an endpoint', async () => {
    const ids = Array.from({ length: 12 }, (_, i) => i + 1);
    await scene.admin('PUT', 'state', {
      ...golden,
      companies: ids.map((id) => ({ id, companyName: `C${id}` })),
      contracts: ids.map((id) => ({ ...golden.contracts[0], id, companyID: id })),
      contractServices: ids.map((id) => ({ id, contractID: id, serviceID: 412, units: 0 })),
    });
    for (const id of ids) {
      const place = {
        agreementLineKey: `al_${id}`,
        account: { billingIdentifier: String(id) },
        product: { ref: '412', sku: 'S' },
      };
      await scene.bench.accept(scene.bench.change(1, '2', { ...place, lineRef: `tu${id}` }));
    }
    await scene.bench.run();
    expect(await scene.effects()).toHaveLength(12);
    const { endpoints, total } = await scene.admin<{ endpoints: Record<string, { highestConcurrency: number }>; total: number }>(
      'GET',
      'stats',
    );
    expect(Math.max(...Object.values(endpoints).map((each) => each.highestConcurrency))).toBeLessThanOrEqual(2);
    expect(total).toBeLessThanOrEqual(12 * 2 + 7);
  });

  it('works without the meter of calls, where it is not shown', async () => {
    await switched({});
    const meter = { method: 'GET', path: 'ThresholdInformation' };
    await scene.admin('POST', 'faults', { kind: '500-before-commit', text: 'no such thing', match: meter });
    await scene.deliver({ ...elevenVouchedFor, steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '14']) });
    expect(await scene.effects()).toHaveLength(1);
  });

  it('names the permission that a restricted user lacks', async () => {
    await switched({});
    expect(await scene.check()).toEqual([]);
    const users = [
      { userName: 'api-user@sandbox.example', secret: 'sandbox-secret', integrationCode: 'SANDBOX-CODE', restricted: true },
    ];
    await scene.admin('PUT', 'state', { ...golden, users });
    expect(await scene.check()).toMatchObject([{ code: 'CAPABILITY_MISSING', remedy: expect.stringContaining('see contracts') }]);
    await scene.deliver({ steps: stepsOf(['2026-07-01', '12']) });
    expect(wordsOf(scene.ledger.outcomes)).toEqual(['rejected:AGREEMENT_NOT_FOUND']);
  });
});
