import { levelOn } from '@trueup/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemoryLedger } from '../ledger/memory-ledger.js';
import { Bench, wordsOf } from '../testing/bench.js';
import { PACE } from '../testing/ledger-under-test.js';
import { scriptedManifest } from '../testing/scripted-connector.js';
import { ScriptedPsa } from '../testing/scripted-psa.js';
import type { Connector } from './connector.js';
import { defineConnector } from './define-connector.js';
import { minus } from './quantity-math.js';
import { raisedFrom } from './schedule.js';

const ledger = new MemoryLedger(PACE);
const psa = new ScriptedPsa();
let bench: Bench;

/** A whole connector in two functions. */
const simple = defineConnector<null>({
  find: async ({ change }, api) => {
    const id = change.product.ref;
    const { lines } = await api.query<{ lines: { from: string; quantity: string }[][] }>('read', { ids: [id] });
    return { steps: lines[0] ?? [], records: [{ id }], raw: null };
  },
  plan: (change, { steps }) => {
    const held = steps === 'unreadable' ? [] : steps;
    const [date, id] = [change.writesFrom, change.product.ref];
    const delta = minus(levelOn(change.steps, date), levelOn(held, date));
    if (delta === '0') return { do: 'nothing' };
    const request = { method: 'POST' as const, path: 'adjust', body: { id, date, delta } };
    const after = raisedFrom(held, date, delta);
    return { do: 'write', write: { code: 'LINE_UPDATED', effectiveDate: date, before: held, after, request } };
  },
});

beforeEach(async () => {
  const baseUrl = await psa.start();
  bench = new Bench({
    ledger,
    connector: simple as unknown as Connector,
    manifest: scriptedManifest,
    baseUrl,
    secrets: { key: 'k' },
  });
});
afterEach(async () => {
  await bench.stop();
  await psa.stop();
});

describe('the simple form of a connector', () => {
  it('needs two functions, and the SDK does the rest', async () => {
    await bench.accept(bench.change(1, '2.5'));
    await bench.run();
    expect(psa.effects).toEqual([{ id: 'line-1', date: '2026-07-01', delta: '2.5' }]);
    expect(wordsOf(ledger.outcomes)).toEqual(['delivered:LINE_UPDATED']);
  });
});
