import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { BREAKER_REST_MS, wordsOf, type Bench } from './bench.js';
import type { LedgerUnderTest } from './ledger-under-test.js';
import { startScriptedBench, type ScriptedBench } from './scripted-bench.js';
import type { ScriptedPsa } from './scripted-psa.js';

let connections = 0;

/** What a delivery does whatever keeps its ledger. */
export function describeDelivery(name: string, open: (connectionId: string) => LedgerUnderTest | Promise<LedgerUnderTest>): void {
  let kept: LedgerUnderTest;
  let scripted: ScriptedBench;
  let bench: Bench;
  let psa: ScriptedPsa;

  beforeEach(async () => {
    const connectionId = `con_${name.replace(/\W/g, '')}_${(connections += 1)}`;
    kept = await open(connectionId);
    scripted = await startScriptedBench(kept.ledger, connectionId);
    ({ bench, psa } = scripted);
  });
  afterEach(() => scripted.stop());

  const words = async (): Promise<string[]> => wordsOf(await kept.outcomes());
  const last = async () => (await kept.outcomes()).at(-1);
  const ofBench = async <T extends { connectionId: string }>(all: Promise<T[]>): Promise<T[]> =>
    (await all).filter((each) => each.connectionId === bench.connection.id);
  const deliver = async (...change: Parameters<Bench['change']>): Promise<void> => {
    await bench.accept(bench.change(...change));
    await bench.run();
  };

  describe(`a line delivered with ${name}`, () => {
    it('is written once from a baseline of zero, and tells what was written', async () => {
      await deliver(1, '3');
      expect(psa.effects).toEqual([{ id: 'line-1', date: '2026-07-01', delta: '3' }]);
      expect(await words()).toEqual(['delivered:LINE_UPDATED']);
      expect(await last()).toMatchObject({ baseline: { steps: [{ quantity: '0' }] }, writes: [{ before: '0', after: '3' }] });
    });

    it('adopts an equal baseline silently and leaves the days before it', async () => {
      psa.lines.set('line-1', [{ from: '2026-06-01', quantity: '3' }]);
      const steps = [
        { from: '2026-07-01', quantity: '2', periodId: '2026-07-31' },
        { from: '2026-07-10', quantity: '3', periodId: '2026-07-31' },
      ];
      await deliver(1, '3', { steps });
      await deliver(2, '3', { steps });
      expect(await words()).toEqual(['unchanged:LINE_UNCHANGED', 'unchanged:LINE_UNCHANGED']);
      expect(psa.effects).toEqual([]);
    });

    it('is held when it differs at the first look, until a person vouches for what is there', async () => {
      psa.lines.set('line-1', [{ from: '2026-06-01', quantity: '9' }]);
      await deliver(1, '3');
      expect(await words()).toEqual(['held:DIFFERS_AT_START']);
      await deliver(2, '3', { acceptFound: { steps: [{ from: '2026-07-01', quantity: '9' }] } });
      expect(psa.effects).toEqual([{ id: 'line-1', date: '2026-07-01', delta: '-6' }]);
    });

    it("reports somebody else's edit and never overwrites it, unless the policy says restore", async () => {
      await deliver(1, '3');
      psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '7' }]);
      await deliver(2, '4');
      expect(await words()).toEqual(['delivered:LINE_UPDATED', 'held:DRIFT_DETECTED']);
      expect(psa.effects).toHaveLength(1);
      await deliver(3, '4', { onDrift: 'restore' });
      expect(psa.effects.at(-1)).toEqual({ id: 'line-1', date: '2026-07-01', delta: '-3' });
    });

    it('is written once for each date on which the PSA differs', async () => {
      const days = ['2026-07-03', '2026-07-05', '2026-07-09'];
      await deliver(1, '3', { steps: days.map((from, i) => ({ from, quantity: String(i + 1), periodId: '2026-07-31' })) });
      expect(psa.effects.map((effect) => effect.date)).toEqual(days);
      expect(await last()).toMatchObject({ kind: 'delivered', writes: [{ after: '1' }, { after: '2' }, { after: '3' }] });
    });

    it('is read again right before it is written, and not for an outcome alone', async () => {
      psa.lines.set('line-2', [{ from: '2026-07-01', quantity: '3' }]);
      for (const i of [1, 2, 3]) {
        await bench.accept(bench.change(1, '3', { agreementLineKey: `al_${i}`, product: { ref: `line-${i}`, sku: 'S' } }));
      }
      psa.beforeWrite = () => bench.later(10_000);
      await bench.run();
      expect(psa.calls).toEqual(['read', 'write', 'read', 'read', 'write', 'read']);
    });

    it('gathers a burst into one write and ends every replaced version once', async () => {
      for (let version = 1; version <= 5; version++) await bench.accept(bench.change(version, String(version)));
      await bench.accept(bench.change(4, '4'));
      await bench.run();
      expect(psa.effects).toEqual([{ id: 'line-1', date: '2026-07-01', delta: '5' }]);
      const ends = (await kept.outcomes()).map((each) => `${each.version}:${each.kind}`);
      expect(ends).toEqual(['1:superseded', '2:superseded', '3:superseded', '4:superseded', '5:delivered']);
    });

    it('answers a preview with the write that it would make', async () => {
      await bench.accept(bench.change(1, '3'), true);
      bench.connection = { ...bench.connection, mode: 'observe' };
      await bench.run();
      expect(await words()).toEqual(['planned:LINE_UPDATED']);
      expect(psa.calls).not.toContain('write');
    });

    it('is parked when it cannot be found, and its neighbours flow', async () => {
      await bench.accept(bench.change(1, '3', { agreementLineKey: 'al_2', product: { ref: 'missing-1', sku: 'S' } }));
      await deliver(1, '3');
      expect((await words()).sort()).toEqual(['delivered:LINE_UPDATED', 'rejected:PRODUCT_NOT_FOUND']);
      expect(await kept.line('al_2')).toMatchObject({ isDue: true, waitsOn: 'date' });
      await bench.run(25 * 3_600_000);
      expect(await words()).toHaveLength(2);
    });

    it('is held when it claims the record of another line', async () => {
      await deliver(1, '3');
      await deliver(1, '5', { agreementLineKey: 'al_2' });
      expect(await words()).toEqual(['delivered:LINE_UPDATED', 'held:LINE_CLAIMED_TWICE']);
    });

    it('ends as rejected when the PSA refuses, without asking twice', async () => {
      psa.failWrites('refuse', 'refuse');
      await deliver(1, '3');
      expect(await words()).toEqual(['rejected:LINE_UPDATE_FAILED']);
      expect(psa.calls.filter((call) => call === 'write')).toHaveLength(1);
    });

    it('is written once when the answer is cut off after the PSA did it', async () => {
      psa.failWrites('cut-after-commit');
      await deliver(1, '3');
      expect(psa.effects).toHaveLength(1);
      expect(await words()).toEqual(['delivered:LINE_UPDATED']);
      expect((await kept.writes('al_1')).map((write) => write.state)).toEqual(['confirmed']);
    });

    it('is written once when a 500 hides that the PSA did it', async () => {
      psa.failWrites('error-500-after-commit');
      await deliver(1, '3');
      expect([psa.effects.length, await words()]).toEqual([1, ['delivered:LINE_UPDATED']]);
    });

    it('is planned anew only after the settle time when the PSA did not do it', async () => {
      psa.failWrites('cut-before-commit');
      await deliver(1, '3');
      expect(await words()).toEqual(['unsettled:OUTCOME_UNSETTLED']);
      expect(await ofBench(kept.ledger.unsettledWrites())).toMatchObject([{ writes: 1 }]);
      await deliver(2, '4');
      expect(await ofBench(kept.ledger.waitingLines())).toMatchObject([{ waitsOn: 'settle', lines: 1 }]);
      await bench.run(50_000);
      expect(psa.effects).toEqual([]);
      await bench.run(15_000);
      expect(psa.effects).toEqual([{ id: 'line-1', date: '2026-07-01', delta: '4' }]);
      expect(await words()).toContain('delivered:LINE_UPDATED');
    });

    it('plans nothing on top of a write that the PSA does not show yet', async () => {
      psa.staleReads(8);
      await deliver(1, '3');
      expect(await words()).toEqual(['unsettled:OUTCOME_UNSETTLED']);
      await deliver(2, '5');
      expect(psa.effects).toHaveLength(1);
      for (let i = 0; i < 10; i++) await bench.run(2_000);
      expect(psa.effects.map((effect) => effect.delta)).toEqual(['3', '2']);
      expect(await last()).toMatchObject({ version: 2, kind: 'delivered', writes: [{ after: '3' }, { after: '5' }] });
    });

    it('goes to a person when an acknowledged write never shows', async () => {
      psa.staleReads(1_000);
      await deliver(1, '3');
      for (let i = 0; i < 5; i++) await bench.run(20_000);
      expect(await words()).toEqual(['unsettled:OUTCOME_UNSETTLED', 'conflict:OUTCOME_UNSETTLED']);
      expect(psa.effects).toHaveLength(1);
    });

    it('is a conflict with both values when the PSA shows neither, until a person vouches', async () => {
      psa.beforeWrite = () => void psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '10' }]);
      await deliver(1, '3');
      expect(await last()).toMatchObject({
        kind: 'conflict',
        code: 'DRIFT_DETECTED',
        held: { steps: [{ quantity: '13' }] },
        writes: [{ after: '3' }],
      });
      await deliver(2, '4');
      expect(psa.effects).toHaveLength(1);
      await deliver(3, '4', { acceptFound: { steps: [{ from: '2026-07-01', quantity: '13' }] } });
      expect(psa.effects.at(-1)).toMatchObject({ delta: '-9' });
    });

    it('sends nothing without fresh settings, and goes on when they are read', async () => {
      bench.isFresh = false;
      await deliver(1, '3');
      expect(await words()).toEqual(['deferred:SETTINGS_STALE']);
      await bench.run(5_000);
      expect(psa.calls).toEqual([]);
      bench.isFresh = true;
      await bench.run(1_000);
      expect(await words()).toEqual(['deferred:SETTINGS_STALE', 'delivered:LINE_UPDATED']);
    });

    it('sends nothing for a change of an older epoch', async () => {
      await bench.accept(bench.change(1, '3'));
      bench.connection = { ...bench.connection, epoch: 2 };
      await bench.run();
      expect([await words(), psa.calls]).toEqual([['deferred:SETTINGS_STALE'], []]);
      await deliver(2, '3');
      expect(psa.effects).toHaveLength(1);
    });

    it('waits in silence for settings that a newer change has seen already', async () => {
      await deliver(1, '3', { epoch: 2 });
      expect([await words(), psa.calls, bench.hurries]).toEqual([[], [], 1]);
      bench.connection = { ...bench.connection, epoch: 2 };
      await bench.run(100);
      expect(await words()).toEqual(['delivered:LINE_UPDATED']);
    });

    it('writes nothing once the connection only observes, even in the middle of a pass', async () => {
      const days = ['2026-07-03', '2026-07-05'];
      const steps = days.map((from, i) => ({ from, quantity: String(i + 1), periodId: '2026-07-31' }));
      psa.beforeWrite = () => void (bench.connection = { ...bench.connection, mode: 'observe', epoch: 2 });
      await deliver(1, '2', { steps });
      expect(psa.effects).toHaveLength(1);
      expect(await words()).toEqual(['deferred:SETTINGS_STALE']);
    });

    it('writes nothing when the replica was frozen and may have been replaced', async () => {
      bench.isAlive = false;
      await deliver(1, '3');
      expect(psa.effects).toEqual([]);
      bench.isAlive = true;
      await bench.run(2_000);
      expect(psa.effects).toHaveLength(1);
    });

    it('is not written by a replica that was frozen after its intent and lives again', async () => {
      bench.aliveSinceMs = Number.POSITIVE_INFINITY; // whatever it proved was before the gap
      await deliver(1, '3');
      expect(psa.effects).toEqual([]);
      bench.aliveSinceMs = 0;
      await bench.run(2_000);
      expect(psa.effects).toHaveLength(1);
    });

    it('is left alone by a replica that lost its account', async () => {
      const steps = ['2026-07-03', '2026-07-05'].map((from, i) => ({ from, quantity: String(i + 1), periodId: '2026-07-31' }));
      psa.beforeWrite = () => kept.loseLease('acc-1');
      await deliver(1, '2', { steps });
      expect(psa.effects).toHaveLength(1);
      expect((await kept.writes('al_1')).map((write) => write.state)).toEqual(['intent']);
    });

    it('is settled by looking when a replica died between its intent and the answer', async () => {
      psa.beforeWrite = () => kept.loseLease('acc-1');
      await deliver(1, '3');
      await kept.ledger.release('another', bench.connection.id, ['acc-1']);
      await bench.run();
      expect([psa.effects.length, await words()]).toEqual([1, ['delivered:LINE_UPDATED']]);
    });

    it('is looked at anew when its place holds another record, as after a renewal', async () => {
      await deliver(1, '3');
      psa.lines.set('line-2', [{ from: '2026-07-20', quantity: '3' }]);
      await deliver(2, '3', { product: { ref: 'line-2', sku: 'S' } });
      expect(await words()).toEqual(['delivered:LINE_UPDATED', 'unchanged:LINE_UNCHANGED']);
      expect(await last()).toMatchObject({ baseline: { steps: [{ quantity: '3' }] } });
    });

    it('stops calling once when the secrets are not accepted', async () => {
      psa.failReads('unauthorized', 'unauthorized', 'unauthorized');
      await deliver(1, '3');
      await bench.run(60_000);
      expect([await words(), psa.calls.length]).toEqual([['deferred:SECRETS_INVALID'], 1]);
    });

    it('waits as told after a 429, and the write was not counted as sent', async () => {
      psa.failWrites('limit');
      await deliver(1, '3');
      expect(await words()).toEqual(['deferred:RATE_LIMITED']);
      expect((await kept.writes('al_1')).map((write) => write.state)).toEqual(['not-executed']);
    });

    it('follows no redirect', async () => {
      psa.failReads('redirect');
      await deliver(1, '3');
      expect(await words()).toEqual(['deferred:PSA_UNREACHABLE']);
      await bench.run(5_000);
      expect(await words()).toEqual(['deferred:PSA_UNREACHABLE', 'delivered:LINE_UPDATED']);
    });

    it('waits and tells so while the PSA cannot be reached at all', async () => {
      await psa.stop();
      await deliver(1, '3');
      expect(await words()).toEqual(['deferred:PSA_UNREACHABLE']);
      expect(await kept.line('al_1')).toMatchObject({ isDue: true, waitsOn: 'retry' });
    });

    it('makes no call while the breaker is open, and probes with a read', async () => {
      psa.failReads(...Array.from({ length: 5 }, () => 'error-500' as const));
      await bench.accept(bench.change(1, '3'));
      for (let i = 0; i < 7; i++) await bench.run(31_000);
      expect(psa.calls).toHaveLength(5);
      expect(await words()).toEqual(['deferred:PSA_UNREACHABLE', 'deferred:BREAKER_OPEN']);
      await new Promise((resolve) => setTimeout(resolve, BREAKER_REST_MS + 50));
      await bench.run(5_000);
      expect(psa.calls.slice(5, 7)).toEqual(['read', 'write']);
      expect(await words()).toContain('delivered:LINE_UPDATED');
    });
  });
}
