import { wordsOf } from '@trueup/connector-sdk/testing';
import { describe, expect, it } from 'vitest';
import { elevenVouchedFor, golden, onGoldenScene, type SandboxScene, secrets, stepsOf } from './sandbox-scene.model.js';

const start = Date.parse('2026-07-20T10:00:00.000Z');
const clock = { now: () => new Date(start), offsetMs: () => 0, moveTo: () => undefined };
let scene: SandboxScene;
onGoldenScene((made) => (scene = made), { clock });

describe('Autotask over HTTP', () => {
  it('goes through the golden scenario: one signed adjustment a day', async () => {
    await scene.deliver({ ...elevenVouchedFor, steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '14']) });
    expect(await scene.effects()).toEqual(['3 on 2026-07-13']);
    await scene.deliver({ prorate: false, steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '14'], ['2026-08-01', '0']) }, 2);
    expect(await scene.effects()).toEqual(['3 on 2026-07-13', '-14 on 2026-08-01']);
    expect(wordsOf(scene.ledger.outcomes)).toEqual(['delivered:LINE_UPDATED', 'zeroed:LINE_ZEROED']);
    expect(scene.ledger.outcomes[0]).toMatchObject({ writes: [{ effectiveDate: '2026-07-13', before: '11', after: '14' }] });
  });

  it('writes a change once though the answer was cut off', async () => {
    await scene.admin('POST', 'faults', { kind: 'apply-then-drop-connection', match: { access: 'write' } });
    await scene.deliver({ ...elevenVouchedFor, steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '14']) });
    await scene.bench.run(5_000);
    expect(await scene.effects()).toEqual(['3 on 2026-07-13']);
    expect(wordsOf(scene.ledger.outcomes).at(-1)).toBe('delivered:LINE_UPDATED');
  });

  it('writes a change that was cut off before it took effect, after the settle time', async () => {
    await scene.admin('POST', 'faults', { kind: 'drop-before-apply', match: { access: 'write' } });
    await scene.deliver({ ...elevenVouchedFor, steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '14']) });
    expect(await scene.effects()).toEqual([]);
    expect(wordsOf(scene.ledger.outcomes)).toEqual(['unsettled:OUTCOME_UNSETTLED']);
    await scene.bench.run(600);
    await scene.bench.run(600);
    expect(await scene.effects()).toEqual(['3 on 2026-07-13']);
    expect(wordsOf(scene.ledger.outcomes).at(-1)).toBe('delivered:LINE_UPDATED');
  });

  it('answers a taken date by waiting for the next period', async () => {
    await scene.admin('PUT', 'state', { ...golden, switches: { sameDateRule: 'always' } });
    await scene.deliver({ ...elevenVouchedFor, prorate: false, steps: stepsOf(['2026-07-01', '12']) });
    await scene.deliver({ prorate: false, steps: stepsOf(['2026-07-01', '13']) }, 2);
    expect(await scene.effects()).toEqual(['1 on 2026-07-01']);
    expect(scene.ledger.outcomes.at(-1)).toMatchObject({ kind: 'deferred', code: 'EFFECTIVE_DATE_TAKEN', until: '2026-08-01' });
    await scene.bench.run(15 * 86_400_000);
    expect(await scene.effects()).toEqual(['1 on 2026-07-01', '1 on 2026-08-01']);
    expect(wordsOf(scene.ledger.outcomes).at(-1)).toBe('delivered:LINE_UPDATED');
  });

  it('creates a missing line where that is allowed, and reports it otherwise', async () => {
    const backup = { product: { ref: '413', sku: 'B' }, prorate: false, steps: stepsOf(['2026-07-01', '2']) };
    await scene.deliver(backup);
    await scene.deliver({ ...backup, mayCreateLine: true }, 2);
    expect(wordsOf(scene.ledger.outcomes)).toEqual(['rejected:LINE_MISSING', 'created:LINE_CREATED']);
    expect(await scene.effects()).toEqual(['2 on 2026-07-01']);
    await scene.deliver({ ...backup, steps: stepsOf(['2026-07-01', '5']) }, 3);
    expect(await scene.effects()).toEqual(['2 on 2026-07-01', '3 on 2026-07-01']);
  });

  it('names what it cannot find or tell apart', async () => {
    const second = { ...golden.contracts[0], id: 7002 };
    const twice = [...golden.contractServices, { id: 9051, contractID: 7001, serviceID: 412, units: 1 }];
    await scene.deliver({ agreementLineKey: 'a', account: { billingIdentifier: '999' } });
    await scene.deliver({ agreementLineKey: 'b', product: { ref: '999', sku: 'S' } });
    await scene.admin('PUT', 'state', { ...golden, contractServices: twice });
    await scene.deliver({ agreementLineKey: 'c', steps: stepsOf(['2026-07-01', '1']) });
    await scene.admin('PUT', 'state', { ...golden, contracts: [...golden.contracts, second] });
    await scene.deliver({ agreementLineKey: 'd' });
    await scene.admin('PUT', 'state', { ...golden, contracts: [{ ...golden.contracts[0], endDate: '2026-07-19' }] });
    await scene.deliver({ agreementLineKey: 'e' });
    expect(scene.ledger.outcomes.map((outcome) => outcome.code)).toEqual([
      'CUSTOMER_NOT_FOUND',
      'PRODUCT_NOT_FOUND',
      'LINE_AMBIGUOUS',
      'AGREEMENT_AMBIGUOUS',
      'AGREEMENT_NOT_FOUND',
    ]);
    expect(scene.ledger.outcomes[3]?.candidates).toEqual(['7001 Managed services', '7002 Managed services']);
  });

  it('finds company and service by number and name', async () => {
    await scene.open({ companyMatch: 'companyNumber', skuField: 'name' });
    await scene.deliver({
      ...elevenVouchedFor,
      account: { billingIdentifier: 'acme' },
      product: { ref: 'Mailbox', sku: 'S' },
      steps: stepsOf(['2026-07-02', '11'], ['2026-07-03', '12']),
      writesFrom: '2026-07-02',
    });
    expect(await scene.effects()).toEqual(['1 on 2026-07-03']);
  });

  it('uses an API base as it is, and the zone that discovery names otherwise', async () => {
    await scene.admin('PUT', 'state', { ...golden, switches: { strictZone: true } });
    await scene.deliver({ ...elevenVouchedFor, steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '12']) });
    expect(await scene.effects()).toEqual(['1 on 2026-07-13']);
    await scene.open({}, `${scene.sandboxUrl}/zone7/ATServicesRest`);
    await scene.deliver({
      agreementLineKey: 'al_2',
      acceptFound: { steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '12']) },
      steps: stepsOf(['2026-07-01', '11'], ['2026-07-13', '12'], ['2026-07-14', '13']),
    });
    expect(await scene.effects()).toEqual(['1 on 2026-07-13', '1 on 2026-07-14']);
  });

  it('stops at once when the secrets are not accepted', async () => {
    scene.bench.connection = { ...scene.bench.connection, secrets: { ...secrets, Secret: 'wrong' } };
    await scene.deliver({ steps: stepsOf(['2026-07-01', '12']) });
    await scene.deliver({ steps: stepsOf(['2026-07-01', '13']) }, 2);
    expect(wordsOf(scene.ledger.outcomes)).toEqual([
      'deferred:SECRETS_INVALID',
      'superseded:LINE_UNCHANGED',
      'deferred:SECRETS_INVALID',
    ]);
    const { total } = await scene.admin<{ total: number }>('GET', 'stats').catch(() => ({ total: 0 }));
    expect(total).toBeLessThanOrEqual(2);
  });
});
