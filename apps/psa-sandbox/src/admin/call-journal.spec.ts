import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentials, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';
import { CallJournal, type JournalEntry } from './call-journal.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

const calls = async (since = 0) =>
  (await sandbox.admin<{ calls: JournalEntry[]; lastSeq: number }>('GET', `calls?since=${since}`)).calls;

describe('the journal of calls', () => {
  it('tells of every call when it came, what it was and how it ended', async () => {
    await sandbox.adjust(3, '2026-07-13');
    await sandbox.admin('POST', 'faults', { kind: '429', retryAfter: 7 });
    await sandbox.api('POST', 'ContractServiceUnits/query', { filter: [{ op: 'exist', field: 'id' }] });
    expect(await calls()).toMatchObject([
      { seq: 1, method: 'POST', isWrite: true, status: 200, retryAfter: null, faults: [], at: '2026-07-15T12:00:00.000Z' },
      {
        seq: 2,
        path: '/ATServicesRest/V1.0/ContractServiceUnits/query',
        isWrite: false,
        status: 429,
        retryAfter: '7',
        faults: ['429'],
      },
    ]);
  });

  it('has no status for a call whose answer did not arrive whole', async () => {
    await sandbox.admin('POST', 'faults', { kind: 'apply-then-drop-connection' });
    await expect(sandbox.adjust(3, '2026-07-13')).rejects.toThrow('fetch failed');
    expect(await calls()).toMatchObject([{ status: null, faults: ['apply-then-drop-connection'] }]);
  });

  it('has the refusals of the limits too', async () => {
    await sandbox.admin('PATCH', 'state', { switches: { hourlyLimit: 1 } });
    await sandbox.adjust(3, '2026-07-13');
    await sandbox.adjust(3, '2026-07-14');
    expect((await calls()).map(({ status }) => status)).toEqual([200, 500]);
  });

  it('names the caller so that an old secret is told from a new one, and never the secret', async () => {
    await sandbox.unitsOn(9050, '2026-07-13');
    await sandbox.api('GET', 'ContractServices/9050', undefined, { ...credentials, Secret: 'another-secret' });
    await sandbox.api('GET', 'ContractServices/9050', undefined, {});
    const [first, second, third] = (await calls()).map(({ caller }) => caller);
    expect(first).toMatch(/^api-user@sandbox\.example#[0-9a-f]{12}$/);
    expect(second).not.toBe(first);
    expect(third).toBeNull();
    expect(JSON.stringify(await calls())).not.toContain(credentials.Secret);
  });

  it('answers what came after a number', async () => {
    for (let n = 0; n < 3; n++) await sandbox.unitsOn(9050, '2026-07-13');
    expect((await calls(1)).map(({ seq }) => seq)).toEqual([2, 3]);
  });

  it('keeps the newest calls and forgets the others', () => {
    const journal = new CallJournal();
    const entry = {
      at: '',
      endedAt: '',
      method: 'GET',
      path: '/',
      isWrite: false,
      caller: null,
      status: 200,
      retryAfter: null,
      faults: [],
    };
    for (let n = 0; n < 50_000; n++) journal.add(entry);
    const kept = journal.since(0);
    expect(kept.length).toBeLessThanOrEqual(40_000);
    expect(kept.at(-1)?.seq).toBe(50_000);
    expect(journal.since(49_998).map(({ seq }) => seq)).toEqual([49_999, 50_000]);
  });
});
