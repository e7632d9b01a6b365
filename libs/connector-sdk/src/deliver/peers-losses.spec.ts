import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryLedgerUnderTest, type LedgerUnderTest } from '../testing/ledger-under-test.js';
import { wordsOf, type Bench } from '../testing/bench.js';
import { type ScriptedBench, startScriptedBench } from '../testing/scripted-bench.js';
import type { ScriptedPsa } from '../testing/scripted-psa.js';

const CONNECTION = 'con_losses';
const DAY_MS = 86_400_000;

// Each title names a loss of billing data that users of another product reported, and what must not happen here.
describe('what others lost on the way to a billing API', () => {
  let kept: LedgerUnderTest;
  let scripted: ScriptedBench;
  let bench: Bench;
  let psa: ScriptedPsa;

  beforeEach(async () => {
    kept = memoryLedgerUnderTest(CONNECTION);
    scripted = await startScriptedBench(kept.ledger, CONNECTION);
    ({ bench, psa } = scripted);
    psa.lines.set('line-1', [{ from: '2026-06-01', quantity: '137' }]);
    await deliver(1, '137');
  });
  afterEach(() => scripted.stop());

  const deliver = async (version: number, quantity: string): Promise<void> => {
    await bench.accept(bench.change(version, quantity));
    await bench.run();
  };
  const writesSent = (): number => psa.calls.filter((call) => call === 'write').length;
  const held = (): string | undefined => psa.lines.get('line-1')?.at(-1)?.quantity;

  it('DUST 31578: a signed change that was applied behind four failing answers makes 138 seats of 137, not 548', async () => {
    psa.failWrites(...Array.from({ length: 4 }, () => 'error-500-after-commit' as const));
    await deliver(2, '138');
    for (let look = 0; look < 20; look++) await bench.run(60_000);

    expect([held(), psa.effects.length, writesSent()]).toEqual(['138', 1, 1]);
  });

  it('DUST 31422: a read model that lags behind the write gets one edit in 25 hours, not 481', async () => {
    psa.staleReads(1_000_000);
    await deliver(2, '138');
    for (let hour = 0; hour < 25; hour++) {
      await deliver(3 + hour, String(138 + (hour % 3)));
      await bench.run(3_600_000);
    }

    expect([psa.effects.length, held()]).toEqual([1, '138']);
    expect(wordsOf(await kept.outcomes()).at(-1)).toMatch(/:OUTCOME_UNSETTLED$/);
  });

  it('DUST 31422: what was held back while the read model lagged is made up in one edit once it shows the write', async () => {
    psa.staleReads(6);
    await deliver(2, '138');
    await deliver(3, '141');
    for (let look = 0; look < 10; look++) await bench.run(30_000);

    expect(psa.effects.map(({ delta }) => delta)).toEqual(['1', '3']);
    expect(held()).toBe('141');
  });

  it('DUST 31422: no number of retries adds up: a write that is refused over and over is asked for once a day', async () => {
    psa.failWrites(...Array.from({ length: 50 }, () => 'refuse' as const));
    await deliver(2, '138');
    for (let hour = 0; hour < 23; hour++) await bench.run(3_600_000);
    expect([writesSent(), psa.effects.length]).toEqual([1, 0]);

    await bench.run(DAY_MS);
    expect(writesSent()).toBe(2);
  });
});
