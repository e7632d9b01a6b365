import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wordsOf, type Bench } from './bench.js';
import type { LedgerUnderTest } from './ledger-under-test.js';
import { startScriptedBench, type ScriptedBench } from './scripted-bench.js';
import type { ScriptedPsa } from './scripted-psa.js';

let connections = 1_000;

/** What a person, a policy or a remap decides about a line, whatever keeps the ledger. */
export function describeDecisions(
  name: string,
  open: (connectionId: string) => LedgerUnderTest | Promise<LedgerUnderTest>,
): void {
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
  const deliver = async (...change: Parameters<Bench['change']>): Promise<void> => {
    await bench.accept(bench.change(...change));
    await bench.run();
  };

  describe(`a decision about a line with ${name}`, () => {
    it('is restored by the policy, and held by the others, with both values', async () => {
      await deliver(1, '3');
      const edit = (quantity: string) => psa.lines.set('line-1', [{ from: '2026-07-01', quantity }]);
      edit('7');
      await deliver(2, '3', { onDrift: 'adopt' });
      expect(await last()).toMatchObject({ kind: 'held', code: 'DRIFT_DETECTED', held: { steps: [{ quantity: '7' }] } });
      expect((await last())?.message).toMatch(/theirs 7 .* ours 3 /);
      await deliver(3, '3', { onDrift: 'restore' });
      expect(psa.effects.map((effect) => effect.delta)).toEqual(['3', '-4']);
      expect((await last())?.writes).toMatchObject([{ writtenOver: expect.stringMatching(/theirs 7 .* ours 3 /) }]);
    });

    it('is held anew when the PSA shows another value than the one vouched for', async () => {
      await deliver(1, '3');
      psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '8' }]);
      const acceptFound = { steps: [{ from: '2026-07-01', quantity: '7' }], since: 2 };
      await deliver(2, '5', { acceptFound });
      expect(await words()).toEqual(['delivered:LINE_UPDATED', 'held:DRIFT_DETECTED']);
      psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '7' }]);
      await deliver(3, '5', { acceptFound });
      expect(psa.effects.at(-1)).toMatchObject({ delta: '-2' });
    });

    it('is not vouched for again by what a person said before the write', async () => {
      const acceptFound = { steps: [{ from: '2026-07-01', quantity: '9' }], since: 1 };
      psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '9' }]);
      await deliver(1, '3', { acceptFound });
      psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '9' }]);
      await deliver(2, '4', { acceptFound });
      expect(await words()).toEqual(['delivered:LINE_UPDATED', 'held:DRIFT_DETECTED']);
      await deliver(3, '4', { acceptFound: { ...acceptFound, since: 3 } });
      expect(psa.effects.map((effect) => effect.delta)).toEqual(['-6', '-5']);
    });

    it('waits for a person when an acknowledged write stays invisible, whatever was vouched for before', async () => {
      const acceptFound = { steps: [{ from: '2026-07-01', quantity: '9' }], since: 1 };
      psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '9' }]);
      psa.staleReads(1_000);
      await deliver(1, '3', { acceptFound });
      for (let i = 0; i < 5; i++) await bench.run(20_000);
      await deliver(2, '4', { acceptFound });
      expect([psa.effects.length, (await last())?.kind]).toEqual([1, 'conflict']);
      await deliver(3, '4', { acceptFound: { ...acceptFound, since: 3 } });
      expect(psa.effects.at(-1)).toMatchObject({ delta: '-5' });
    });

    it('is left to a person where the API cannot change it, and goes on from what was done there', async () => {
      const product = { ref: 'hand-1', sku: 'SKU' };
      const show = (quantity: string) => psa.lines.set('hand-1', [{ from: '2026-07-01', quantity }]);
      show('3');
      await deliver(1, '3', { product });
      await deliver(2, '5', { product });
      const asked = { from: '3', to: '5', recordIds: ['hand-1'] };
      expect(await last()).toMatchObject({ kind: 'manual', code: 'CAPABILITY_MISSING', manual: asked });
      show('4');
      await deliver(3, '5', { product, acceptFound: { steps: [{ from: '2026-07-01', quantity: '4' }], since: 3 } });
      expect((await last())?.manual).toMatchObject({ from: '4', to: '5' });
      await deliver(4, '4', { product });
      expect(await last()).toMatchObject({ kind: 'unchanged' });
    });

    it('changes hands where both ends of a remap are one record, without a write', async () => {
      const place = { billingIdentifier: 'acc-1', productRef: 'line-1' };
      const remap = { remapId: 'rm_1', from: { ...place, agreementLineKey: 'al_1' }, to: { ...place, agreementLineKey: 'al_2' } };
      await deliver(1, '3');
      const lowered = [
        { from: '2026-07-01', quantity: '3', periodId: '2026-07-31' },
        { from: '2026-07-20', quantity: '0', periodId: '2026-07-31' },
      ];
      const raised = [{ from: '2026-07-20', quantity: '3', periodId: '2026-07-31' }];
      await deliver(2, '0', { remap, steps: lowered });
      await deliver(1, '3', { remap, agreementLineKey: 'al_2', steps: raised, writesFrom: '2026-07-20' });
      await deliver(3, '0', { steps: lowered });
      expect(await words()).toEqual(['delivered:LINE_UPDATED', ...Array.from({ length: 3 }, () => 'unchanged:LINE_UNCHANGED')]);
      psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '7' }]);
      await deliver(2, '4', { agreementLineKey: 'al_2', writesFrom: '2026-07-20' });
      expect([psa.effects.length, (await words()).at(-1)]).toEqual([1, 'held:DRIFT_DETECTED']);
      await deliver(4, '5');
      expect([psa.effects.length, (await words()).at(-1)]).toEqual([1, 'held:LINE_CLAIMED_TWICE']);
    });

    it('is lowered before the raise where the ends of a remap are two records', async () => {
      const place = { billingIdentifier: 'acc-1', agreementLineKey: 'al_1', productRef: 'line-1' };
      const remap = { remapId: 'rm_1', from: place, to: { ...place, agreementLineKey: 'al_2', productRef: 'line-2' } };
      await deliver(1, '3');
      await deliver(2, '0', { remap });
      await deliver(1, '3', { remap, agreementLineKey: 'al_2', product: { ref: 'line-2', sku: 'SKU' } });
      expect(psa.effects.map(({ id, delta }) => `${id} ${delta}`)).toEqual(['line-1 3', 'line-1 -3', 'line-2 3']);
    });
  });
}
