import type { InternalConnection, PlainDate, PsaEntry, PsaLine } from '@trueup/contracts';
import { createLogger } from '@trueup/service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Connector } from '../connector/connector.js';
import { HostGuard } from '../http/host-guard.js';
import { LocalBudget } from '../http/local-budget.js';
import { MemoryLedger } from '../ledger/memory-ledger.js';
import { PACE } from '../testing/ledger-under-test.js';
import { startScriptedBench, type ScriptedBench } from '../testing/scripted-bench.js';
import { scriptedConnector, scriptedManifest } from '../testing/scripted-connector.js';
import { listAnswers } from './list-answers.js';
import { RequestRunner } from './request-runner.js';

const now = (): Date => new Date('2026-07-20T10:00:00.000Z');
const line = (i: number): PsaLine => {
  const names = {
    accountName: `A company with a rather long name, number ${i}`,
    agreementName: 'Managed',
    productName: 'Mailbox',
  };
  return { ref: `l${i}`, accountRef: String(i), agreementRef: `c${i}`, productRef: 'p', quantity: '2', ...names };
};
const account = (i: number): PsaEntry => ({ ref: String(i), name: `A company with a rather long name, number ${i}` });
let scripted: ScriptedBench;
let ledger: MemoryLedger;
let guard: HostGuard;

beforeEach(async () => {
  ledger = new MemoryLedger(PACE);
  guard = new HostGuard({ hosts: [], testHosts: ['127.0.0.1'] });
  scripted = await startScriptedBench(ledger);
});
afterEach(async () => {
  await scripted.stop();
  await guard.stop();
});

/** One process that answers for a PSA with these lists. */
function runnerOf(lists: Pick<Connector, 'listAccounts' | 'listProducts' | 'listLines'>): RequestRunner {
  const connector = { ...scriptedConnector, listAccounts: undefined, ...lists } as Connector;
  const budget = new LocalBudget({ limits: [], concurrency: 4, share: 1, nowMs: () => performance.now() });
  const parts = { connector, manifest: scriptedManifest, guard, budget, now };
  return new RequestRunner(listAnswers, { connector, parts, ledger, logger: createLogger('spec', 'fatal'), now });
}

/** The connection asks for the lists for the first time. */
async function ask(runner: RequestRunner, more: Partial<InternalConnection> = {}): Promise<void> {
  runner.look([{ ...scripted.bench.connection, listRequested: 1, ...more }]);
  await runner.stop();
}

describe("a request for the PSA's lists", () => {
  it('is answered in parts that a record can hold, which together are the lists', async () => {
    const accounts = Array.from({ length: 20_000 }, (_, i) => account(i));
    const products = [{ ref: 'p', name: 'Mailbox' }];
    await ask(runnerOf({ listAccounts: async () => accounts, listProducts: async () => products }));
    const parts = ledger.outcomes.map((each) => each.list!);
    expect(parts.flatMap((each) => each.accounts)).toEqual(accounts);
    expect(parts.flatMap((each) => each.products)).toEqual(products);
    expect(parts.map(({ part, parts: all }) => [part, all])).toEqual(parts.map((_, i) => [i + 1, parts.length]));
    expect(Math.max(...ledger.outcomes.map((each) => JSON.stringify(each).length))).toBeLessThan(600_000);
  });

  it('is answered with the lines that the PSA bills on the local day of the tenant, in the same parts', async () => {
    const lines = Array.from({ length: 10_000 }, (_, i) => line(i));
    const days: PlainDate[] = [];
    const listLines: Connector['listLines'] = async (_psa, today) => {
      days.push(today);
      return lines;
    };
    await ask(runnerOf({ listAccounts: async () => [account(1)], listLines }), { timeZone: 'Pacific/Kiritimati' });
    const parts = ledger.outcomes.map((each) => each.list!);
    expect(parts.flatMap((each) => each.lines)).toEqual(lines);
    expect([days, parts.length > 1, parts.flatMap((each) => each.accounts)]).toEqual([['2026-07-21'], true, [account(1)]]);
    expect(Math.max(...ledger.outcomes.map((each) => JSON.stringify(each).length))).toBeLessThan(600_000);
  });

  it('says nothing of lines where the connector does not list them', async () => {
    await ask(runnerOf({ listAccounts: async () => [account(1)] }));
    expect(ledger.outcomes.map((each) => each.list!.lines)).toEqual([undefined]);
    await ask(runnerOf({ listLines: async () => [] }), { listRequested: 2 });
    expect(ledger.outcomes.at(-1)).toMatchObject({
      list: { accounts: [], lines: [] },
      message: '0 accounts, 0 products, 0 billed lines',
    });
  });

  it('is answered once, by whichever replica sees it first', async () => {
    const lists = { listAccounts: async () => [account(1)] };
    await Promise.all([ask(runnerOf(lists)), ask(runnerOf(lists))]);
    await ask(runnerOf(lists));
    expect(ledger.outcomes).toHaveLength(1);
    await ask(runnerOf(lists), { listRequested: 2 });
    expect(ledger.outcomes.map((each) => each.listRequested)).toEqual([1, 2]);
  });

  it('is answered with an empty list where the PSA has nothing', async () => {
    await ask(runnerOf({ listAccounts: async () => [], listProducts: async () => [] }));
    expect(ledger.outcomes).toMatchObject([{ kind: 'listed', list: { part: 1, parts: 1, accounts: [], products: [] } }]);
  });

  it.each([
    ['the PSA cannot be reached', 'PSA_UNREACHABLE', {}],
    ['a secret is missing', 'SECRET_MISSING', { secrets: {} }],
  ])('says why nothing is listed when %s', async (_when, code, more) => {
    await scripted.psa.stop();
    await ask(runnerOf({ listAccounts: async (psa) => psa.query<PsaEntry[]>('read', {}) }), more);
    expect(ledger.outcomes).toMatchObject([{ kind: 'listed', code, listRequested: 1 }]);
    expect(ledger.outcomes[0]!.list).toBeUndefined();
  });

  it('says so when the connector cannot list', async () => {
    await ask(runnerOf({}));
    expect(ledger.outcomes).toMatchObject([{ kind: 'listed', code: 'CAPABILITY_MISSING' }]);
  });
});
