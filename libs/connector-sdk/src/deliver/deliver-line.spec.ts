import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLedger } from '../ledger/memory-ledger.js';
import { wordsOf, type Bench } from '../testing/bench.js';
import { startScriptedBench, type ScriptedBench } from '../testing/scripted-bench.js';
import type { ScriptedPsa } from '../testing/scripted-psa.js';

let ledger: MemoryLedger;
let scripted: ScriptedBench;
let bench: Bench;
let psa: ScriptedPsa;

beforeEach(async () => {
  ledger = new MemoryLedger({ quietMs: 250, longestMs: 1_000 });
  scripted = await startScriptedBench(ledger);
  ({ bench, psa } = scripted);
});
afterEach(() => scripted.stop());

describe('the delivery of one line', () => {
  it('writes once from a baseline of zero and tells what it wrote', async () => {
    await bench.accept(bench.change(1, '3'));
    await bench.run();
    expect(psa.effects).toEqual([{ id: 'line-1', date: '2026-07-01', delta: '3' }]);
    expect(wordsOf(ledger.outcomes)).toEqual(['delivered:LINE_UPDATED']);
    expect(ledger.outcomes[0]).toMatchObject({
      version: 1,
      baseline: { steps: [{ quantity: '0' }] },
      writes: [{ before: '0', after: '3' }],
    });
  });

  it('adopts an equal baseline silently and leaves the days before it', async () => {
    psa.lines.set('line-1', [{ from: '2026-06-01', quantity: '3' }]);
    const steps = [
      { from: '2026-07-01', quantity: '2', periodId: '2026-07-31' },
      { from: '2026-07-10', quantity: '3', periodId: '2026-07-31' },
    ];
    await bench.accept(bench.change(1, '3', { steps }));
    await bench.run();
    expect(wordsOf(ledger.outcomes)).toEqual(['unchanged:LINE_UNCHANGED']);
    await bench.accept(bench.change(2, '3', { steps }));
    await bench.run();
    expect(psa.effects).toEqual([]);
  });

  it('holds a line that differs at the first look, and goes on once a person vouches for it', async () => {
    psa.lines.set('line-1', [{ from: '2026-06-01', quantity: '9' }]);
    await bench.accept(bench.change(1, '3'));
    await bench.run();
    expect(wordsOf(ledger.outcomes)).toEqual(['held:DIFFERS_AT_START']);
    await bench.accept(bench.change(2, '3', { acceptFound: { steps: [{ from: '2026-07-01', quantity: '9' }] } }));
    await bench.run();
    expect(psa.effects).toEqual([{ id: 'line-1', date: '2026-07-01', delta: '-6' }]);
  });

  it("reports somebody else's edit and never overwrites it", async () => {
    await bench.accept(bench.change(1, '3'));
    await bench.run();
    psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '7' }]);
    await bench.accept(bench.change(2, '4'));
    await bench.run();
    expect(wordsOf(ledger.outcomes)).toEqual(['delivered:LINE_UPDATED', 'held:DRIFT_DETECTED']);
    expect(psa.effects).toHaveLength(1);
  });

  it('overwrites an edit where the policy says restore', async () => {
    await bench.accept(bench.change(1, '3'));
    await bench.run();
    psa.lines.set('line-1', [{ from: '2026-07-01', quantity: '7' }]);
    await bench.accept(bench.change(2, '4', { onDrift: 'restore' }));
    await bench.run();
    expect(psa.effects.at(-1)).toEqual({ id: 'line-1', date: '2026-07-01', delta: '-3' });
  });

  it('writes each date on which the PSA differs once', async () => {
    const steps = ['2026-07-03', '2026-07-05', '2026-07-09'].map((from, i) => ({
      from,
      quantity: String(i + 1),
      periodId: '2026-07-31',
    }));
    await bench.accept(bench.change(1, '3', { steps }));
    await bench.run();
    expect(psa.effects.map((effect) => effect.date)).toEqual(['2026-07-03', '2026-07-05', '2026-07-09']);
    expect(ledger.outcomes.at(-1)).toMatchObject({ kind: 'delivered', writes: [{ after: '1' }, { after: '2' }, { after: '3' }] });
  });

  it('gathers a burst into one write and ends every replaced version once', async () => {
    for (let version = 1; version <= 5; version++) await bench.accept(bench.change(version, String(version)));
    await bench.run();
    expect(psa.effects).toEqual([{ id: 'line-1', date: '2026-07-01', delta: '5' }]);
    expect(ledger.outcomes.map((each) => `${each.version}:${each.kind}`)).toEqual([
      '1:superseded',
      '2:superseded',
      '3:superseded',
      '4:superseded',
      '5:delivered',
    ]);
  });

  it('answers a preview with the write that it would make', async () => {
    await bench.accept(bench.change(1, '3'), true);
    bench.connection = { ...bench.connection, mode: 'observe' };
    await bench.run();
    expect(wordsOf(ledger.outcomes)).toEqual(['planned:LINE_UPDATED']);
    expect(psa.calls).not.toContain('write');
  });

  it('parks a line that cannot be found, looks again the next day, and its neighbour flows', async () => {
    await bench.accept(bench.change(1, '3', { agreementLineKey: 'al_2', product: { ref: 'missing-1', sku: 'S' } }));
    await bench.accept(bench.change(1, '3'));
    await bench.run();
    expect(wordsOf(ledger.outcomes)).toEqual(['rejected:PRODUCT_NOT_FOUND', 'delivered:LINE_UPDATED']);
    expect(await ledger.openWork()).toEqual({ due: 0, unsettled: 0 });
    expect(ledger.line('con_1', 'al_2')).toMatchObject({ isDue: true, waitsOn: 'date' });
  });

  it('holds the second line that claims one record', async () => {
    await bench.accept(bench.change(1, '3'));
    await bench.run();
    await bench.accept(bench.change(1, '5', { agreementLineKey: 'al_2' }));
    await bench.run();
    expect(wordsOf(ledger.outcomes)).toEqual(['delivered:LINE_UPDATED', 'held:LINE_CLAIMED_TWICE']);
  });

  it('ends a refused write as rejected without asking twice', async () => {
    psa.failWrites('refuse', 'refuse', 'refuse');
    await bench.accept(bench.change(1, '3'));
    await bench.run();
    expect(wordsOf(ledger.outcomes)).toEqual(['rejected:LINE_UPDATE_FAILED']);
    expect(psa.calls.filter((call) => call === 'write')).toHaveLength(1);
  });
});
