import { describe, expect, it } from 'vitest';
import { wordsOf } from './bench.js';
import type { LedgerUnderTest } from './ledger-under-test.js';
import { startScriptedBench } from './scripted-bench.js';

let connections = 0;

/** What becomes of accounts that a pass could not give back, or never heard that it had. */
export function describeLeftOver(name: string, open: (connectionId: string) => LedgerUnderTest | Promise<LedgerUnderTest>): void {
  describe(`an account left over with ${name}`, () => {
    it.each(['release', 'claim'] as const)(
      'is worked on again by its living owner when the answer to a %s was lost',
      async (call) => {
        const connectionId = `con_leftover_${name.replace(/\W/g, '')}_${(connections += 1)}`;
        const kept = await open(connectionId);
        const { bench, psa, stop } = await startScriptedBench(kept.ledger, connectionId);
        await bench.accept(bench.change(1, '3'));
        loseAnswerOnce(kept.ledger, call);
        await expect(bench.pass()).rejects.toThrow('the database went away');
        await bench.accept(bench.change(2, '5'));
        await bench.run(1_000);
        const words = wordsOf(await kept.outcomes());
        expect([words.at(-1), psa.effects.reduce((sum, { delta }) => sum + Number(delta), 0)]).toEqual([
          'delivered:LINE_UPDATED',
          5,
        ]);
        await stop();
      },
    );
  });
}

/** A claim reaches the ledger, and its answer gets lost; a release does not even reach it. */
function loseAnswerOnce(ledger: LedgerUnderTest['ledger'], call: 'release' | 'claim'): void {
  const goesAway = (): never => {
    delete (ledger as { claim?: unknown; release?: unknown })[call];
    throw new Error('the database went away');
  };
  const claim = ledger.claim.bind(ledger);
  if (call === 'release') ledger.release = async () => goesAway();
  else ledger.claim = async (request) => (await claim(request), goesAway());
}
