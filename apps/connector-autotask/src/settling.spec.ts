import { wordsOf } from '@trueup/connector-sdk/testing';
import { startAutotaskSandbox, type RunningSandbox } from '@trueup/psa-sandbox/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { elevenVouchedFor, golden, SandboxScene, stepsOf } from './sandbox-scene.model.js';

const SETTLE_MS = 60_000;
let sandbox: RunningSandbox;
let scene: SandboxScene;

beforeEach(async () => {
  const start = new Date('2026-07-20T10:00:00.000Z');
  const now = (): Date => (scene.bench as typeof scene.bench | undefined)?.now ?? start;
  sandbox = await startAutotaskSandbox({ clock: { now, offsetMs: () => 0, moveTo: () => undefined } });
  scene = new SandboxScene(sandbox.url);
  await scene.admin('PUT', 'state', golden);
  await scene.open({ settleMs: SETTLE_MS, writeTimeoutMs: 1_000 });
});
afterEach(async () => {
  await scene.close();
  await sandbox.close();
});

const onWrites = { match: { access: 'write' } };
const arm = (fault: Record<string, unknown>) => scene.admin('POST', 'faults', fault);
const to = (units: string) => stepsOf(['2026-07-01', '11'], ['2026-07-13', units]);
// Change-control sends what a person vouched for until a version is confirmed.
const vouched = { acceptFound: { ...elevenVouchedFor.acceptFound, since: 1 } };
const deliver = (units: string, version = 1) => scene.deliver({ ...vouched, steps: to(units) }, version);
const last = () => wordsOf(scene.ledger.outcomes).at(-1);

/** Looks again and again until `ms` have gone by on the bench's clock. */
async function lookFor(ms: number, everyMs = 5_000): Promise<void> {
  for (let gone = 0; gone < ms; gone += everyMs) await scene.bench.run(everyMs);
}

describe('a write that goes wrong', () => {
  it.each([
    ['the answer is lost', { kind: 'apply-then-drop-connection' }],
    ['the request is lost', { kind: 'drop-before-apply' }],
    ['the answer is cut', { kind: 'cut-body-after-commit' }],
    ['it is executed five seconds later', { kind: 'delayed-apply', seconds: 5 }],
    [
      'reads lag behind for a while',
      { kind: 'stale-reads', seconds: 5, count: 'always', match: { path: 'ContractServiceUnits' } },
    ],
    ['a gateway answers', { kind: '503-html' }],
    ['the time expires after the effect', { kind: 'timeout-expired', effect: true }],
    ['the time expires before any effect', { kind: 'timeout-expired', effect: false }],
    ['a 500 comes before the effect', { kind: '500-before-commit' }],
    ['a 500 comes after the effect', { kind: '500-after-commit' }],
    ['a limit says how long', { kind: '429', retryAfter: 30 }],
    ['a limit says until when', { kind: '429', retryAfter: 30, retryAfterForm: 'date' }],
    ['a limit says nothing', { kind: '429' }],
    ['it is slow and late', { kind: 'slow', ms: 1_500, when: 'before' }],
    ['its answer is late', { kind: 'slow', ms: 1_500, when: 'after' }],
  ])('has one effect when %s', async (_what, fault) => {
    await arm({ ...onWrites, ...fault });
    await deliver('14');
    await lookFor(3 * SETTLE_MS);
    expect([await scene.effects(), last()]).toEqual([['3 on 2026-07-13'], 'delivered:LINE_UPDATED']);
  });

  it('is never sent again when the PSA refused it in words', async () => {
    await arm({ ...onWrites, kind: '500-before-commit', text: 'You do not have permission to do this.' });
    await deliver('14');
    await lookFor(3 * SETTLE_MS);
    expect([await scene.effects(), last()]).toEqual([[], 'rejected:LINE_UPDATE_FAILED']);
  });

  it('is a conflict with both values when somebody edits between our read and our write', async () => {
    const adjustment = { contractServiceID: 9050, contractID: 7001, unitChange: 2, effectiveDate: '2026-07-10' };
    await arm({ ...onWrites, kind: 'inject', adjustment });
    await deliver('14');
    await lookFor(2 * SETTLE_MS);
    expect([await scene.effects(), last()]).toEqual([['3 on 2026-07-13'], 'conflict:DRIFT_DETECTED']);
    const { held, writes } = scene.ledger.outcomes.at(-1)!;
    expect(held?.steps).toContainEqual({ from: '2026-07-13', quantity: '16' });
    expect(writes).toMatchObject([{ before: '11', after: '14' }]);
  });
});

describe('an acknowledged write that stays invisible', () => {
  it.each([
    ['because it is executed much later', { ...onWrites, kind: 'delayed-apply', seconds: 600 }],
    [
      'because reads lag far behind',
      { kind: 'stale-reads', seconds: 600, count: 'always', match: { path: 'ContractServiceUnits' } },
    ],
  ])('goes to a person, and newer targets wait for it, %s', async (_what, fault) => {
    await arm(fault);
    await deliver('14');
    await lookFor(30_000);
    await deliver('15', 2);
    await lookFor(60_000);
    expect(last()).toBe('conflict:OUTCOME_UNSETTLED');
    await deliver('16', 3);
    await lookFor(60_000);
    expect((await scene.effects()).length).toBeLessThanOrEqual(1);
    await scene.admin('DELETE', 'faults');
    scene.bench.later(600_000);
    await deliver('17', 4);
    await lookFor(15 * 3_600_000, 3_600_000);
    expect(await scene.effects()).toEqual(['3 on 2026-07-13', '3 on 2026-07-14']);
    expect(last()).toBe('delivered:LINE_UPDATED');
  });

  it('leaves exact units when every read lags ten seconds behind a burst of targets', async () => {
    await arm({ kind: 'stale-reads', seconds: 10, count: 'always', match: { path: 'ContractServiceUnits' } });
    for (let version = 1; version <= 120; version++) {
      const units = String(11 + version);
      await scene.deliver({ ...vouched, prorate: false, steps: stepsOf(['2026-07-01', units]) }, version);
      scene.bench.later(200);
    }
    await lookFor(60_000);
    const effects = await scene.effects();
    expect(effects.reduce((sum, effect) => sum + Number(effect.split(' ')[0]), 0)).toBe(120);
    expect(effects.length).toBeLessThanOrEqual(8);
    expect(wordsOf(scene.ledger.outcomes).filter((word) => /held|conflict/.test(word))).toEqual([]);
    expect(last()).toBe('delivered:LINE_UPDATED');
  });
});
