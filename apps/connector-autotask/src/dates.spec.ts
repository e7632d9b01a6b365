import { wordsOf } from '@trueup/connector-sdk/testing';
import { startAutotaskSandbox, type RunningSandbox } from '@trueup/psa-sandbox/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elevenVouchedFor, golden, SandboxScene, stepsOf } from './sandbox-scene.model.js';

const HOUR_MS = 3_600_000;
let sandbox: RunningSandbox;
let scene: SandboxScene;

beforeEach(async () => {
  sandbox = await startAutotaskSandbox();
  scene = new SandboxScene(sandbox.url);
});
afterEach(async () => {
  await scene.close();
  await sandbox.close();
});

type Settings = Parameters<SandboxScene['open']>[0];
type Days = [string, string][];

/** Eleven units since the first of July, vouched for; today is the 20th. */
async function begin(settings: Settings = {}, switches: Record<string, unknown> = {}, contract: object = {}): Promise<void> {
  await scene.admin('PUT', 'state', { ...golden, contracts: [{ ...golden.contracts[0], ...contract }], switches });
  await scene.open(settings);
}

const deliver = (version: number, prorate: boolean, ...days: Days) =>
  scene.deliver({ ...elevenVouchedFor, prorate, steps: stepsOf(['2026-07-01', '11'], ...days) }, version);
const postJuly = () => scene.admin('POST', 'post-period', { contractId: 7001, periodStart: '2026-07-01' });
const last = () => scene.ledger.outcomes.at(-1)!;
const words = () => wordsOf(scene.ledger.outcomes);

describe("our periods from the 26th against Autotask's from the 1st", () => {
  it.each([
    ['the next start of a period there', 'psa-period', {}, '2026-08-01'],
    ['its own day where the connection says exact', 'exact', {}, '2026-07-26'],
    ["its own day where Autotask's period is a year", 'psa-period', { contractPeriodType: 5 }, '2026-07-26'],
  ] as const)('date a change on %s', async (_what, dateAlignment, contract, day) => {
    await begin({ dateAlignment }, {}, contract);
    scene.bench.later(8 * 24 * HOUR_MS);
    await deliver(1, false, ['2026-07-26', '13']);
    expect(await scene.effects()).toEqual([`2 on ${day}`]);
    const meantFor = day === '2026-07-26' ? {} : { meantFor: '2026-07-26' };
    expect(last().writes).toMatchObject([{ effectiveDate: day, ...meantFor }]);
    expect(last().shifted).toBeUndefined();
  });

  it('give a period no step of its own where none begins there, because the closing day changed', async () => {
    await begin();
    scene.bench.later(11 * 24 * HOUR_MS);
    await deliver(1, false, ['2026-07-26', '13'], ['2026-07-31', '15']);
    expect(await scene.effects()).toEqual(['4 on 2026-08-01']);
  });
});

describe('a posted period', () => {
  it('is left alone, its days are told, and later targets follow', async () => {
    await begin({}, { postedPeriods: 'accept' });
    await postJuly();
    const july = { wanted: '2026-07-01', taken: '2026-08-01', reason: 'posted' };
    for (const [i, units] of ['12', '14', '11'].entries()) {
      await scene.deliver({ ...elevenVouchedFor, prorate: false, steps: stepsOf(['2026-07-01', units]) }, i + 1);
      const short = String(Number(units) - 11);
      expect(last().shifted).toEqual(short === '0' ? undefined : [{ ...july, units: short }]);
    }
    expect(await scene.effects()).toEqual(['1 on 2026-08-01', '2 on 2026-08-01', '-3 on 2026-08-01']);
  });

  it('takes a late change on its next start when prorating, and the days before are told', async () => {
    await begin();
    await postJuly();
    await deliver(1, true, ['2026-07-13', '14']);
    const shifted = [{ wanted: '2026-07-13', taken: '2026-08-01', units: '3', reason: 'posted' }];
    expect(last()).toMatchObject({ kind: 'deferred', until: '2026-08-02', shifted });
    await scene.bench.run(13 * 24 * HOUR_MS);
    expect([await scene.effects(), last().shifted]).toEqual([['3 on 2026-08-01'], shifted]);
  });

  it('holds the change where the connection says hold', async () => {
    await begin({ onPostedPeriod: 'hold' });
    await postJuly();
    await deliver(1, true, ['2026-07-13', '14']);
    expect([await scene.effects(), words()]).toEqual([[], ['held:PERIOD_POSTED']]);
  });
});

describe.each(['inside-periods', 'always'])('a second change for a date (refused %s)', (sameDateRule) => {
  it('goes to the next day at most when prorating, then to a person', async () => {
    await begin({}, { sameDateRule });
    await deliver(1, true, ['2026-07-13', '14']);
    await deliver(2, true, ['2026-07-13', '15']);
    const shifted = [{ wanted: '2026-07-13', taken: '2026-07-14', units: '1', reason: 'date-shifted' }];
    expect(last()).toMatchObject({ writes: [{ effectiveDate: '2026-07-14', meantFor: '2026-07-13' }], shifted });
    await deliver(3, true, ['2026-07-13', '16']);
    expect(await scene.effects()).toEqual(['3 on 2026-07-13', '1 on 2026-07-14']);
    expect(words()).toEqual(['delivered:LINE_UPDATED', 'delivered:LINE_UPDATED', 'held:EFFECTIVE_DATE_TAKEN']);
  });

  it('is written at once on the next free date where the connection says so', async () => {
    await begin({ sameDateChanges: 'next-free-date' }, { sameDateRule });
    for (const [i, units] of ['12', '13', '14'].entries()) await deliver(i + 1, true, ['2026-07-20', units]);
    expect(await scene.effects()).toEqual(['1 on 2026-07-20', '1 on 2026-07-21']);
    expect(words().at(-1)).toBe('held:EFFECTIVE_DATE_TAKEN');
  });

  it('is held where the connection says hold', async () => {
    await begin({ sameDateChanges: 'hold' }, { sameDateRule });
    await deliver(1, true, ['2026-07-13', '14']);
    await deliver(2, true, ['2026-07-13', '15']);
    expect([await scene.effects(), words().at(-1)]).toEqual([['3 on 2026-07-13'], 'held:EFFECTIVE_DATE_TAKEN']);
  });

  it('of a period start is sent when not prorating; only a refusal makes later changes wait, as one', async () => {
    await begin({}, { sameDateRule });
    for (const [i, units] of ['12', '13', '15'].entries()) {
      await scene.deliver({ ...elevenVouchedFor, prorate: false, steps: stepsOf(['2026-07-01', units]) }, i + 1);
    }
    const isFree = sameDateRule === 'inside-periods';
    expect(await scene.effects()).toEqual(
      isFree ? ['1', '1', '2'].map((units) => `${units} on 2026-07-01`) : ['1 on 2026-07-01'],
    );
    if (isFree) return;
    const shifted = [{ wanted: '2026-07-01', taken: '2026-08-01', units: '3', reason: 'date-taken' }];
    expect(last()).toMatchObject({ kind: 'deferred', code: 'EFFECTIVE_DATE_TAKEN', until: '2026-08-01', shifted });
    await scene.bench.run(14 * 24 * HOUR_MS);
    expect([await scene.effects(), last().shifted]).toEqual([['1 on 2026-07-01', '3 on 2026-08-01'], shifted]);
  });
});

describe('an outage of nine days', () => {
  it('over two changes leaves each on its own day', async () => {
    await begin();
    const changes: Days = [
      ['2026-07-22', '14'],
      ['2026-07-25', '12'],
    ];
    scene.bench.later(9 * 24 * HOUR_MS);
    await deliver(2, true, ...changes);
    expect(await scene.effects()).toEqual(['3 on 2026-07-22', '-2 on 2026-07-25']);
  });

  it('does not end a day before its grace is over, when a later version comes in between', async () => {
    await begin();
    await deliver(1, true, ['2026-07-20', '12']);
    scene.bench.now = new Date('2026-07-21T00:20:00Z');
    await deliver(2, true, ['2026-07-20', '13'], ['2026-07-21', '14']);
    expect(await scene.effects()).toEqual([]);
    scene.bench.now = new Date('2026-07-21T01:00:00Z');
    await scene.bench.run();
    expect(await scene.effects()).toEqual(['2 on 2026-07-20']);
    await scene.bench.run(24 * HOUR_MS);
    expect(await scene.effects()).toEqual(['2 on 2026-07-20', '1 on 2026-07-21']);
  });
});
