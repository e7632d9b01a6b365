import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

const write = { path: 'ServiceAdjustments' };
const reads = { path: 'ContractServiceUnits/query' };
const arm = (fault: object) => sandbox.admin<{ id?: number; errors?: { pointer: string }[] }>('POST', 'faults', fault);
const units = () => sandbox.unitsOn(9050, '2026-07-13');
const advance = (seconds: number) => sandbox.admin('POST', 'clock', { offsetMs: sandbox.clock.offsetMs() + seconds * 1000 });
const effectCount = async () => (await sandbox.effects(1)).length;

describe('lost answers', () => {
  it('apply-then-drop-connection has one effect and no answer', async () => {
    await arm({ match: write, kind: 'apply-then-drop-connection' });
    await expect(sandbox.adjust(3, '2026-07-13')).rejects.toThrow('fetch failed');
    expect([await effectCount(), await units()]).toEqual([1, 14]);
  });

  it('drop-before-apply has no effect and no answer', async () => {
    await arm({ match: write, kind: 'drop-before-apply' });
    await expect(sandbox.adjust(3, '2026-07-13')).rejects.toThrow('fetch failed');
    expect([await effectCount(), await units()]).toEqual([0, 11]);
  });

  it('cut-body-after-commit answers 200 and breaks off in the body', async () => {
    await arm({ match: write, kind: 'cut-body-after-commit' });
    await expect(sandbox.adjust(3, '2026-07-13')).rejects.toThrow('terminated');
    expect([await effectCount(), await units()]).toEqual([1, 14]);
  });
});

describe('wrong answers', () => {
  it('503-html answers a page and has no effect', async () => {
    await arm({ match: write, kind: '503-html' });
    const { status, text } = await sandbox.adjust(3, '2026-07-13');
    expect([status, await effectCount()]).toEqual([503, 0]);
    expect(text).toMatch(/^<!DOCTYPE HTML>/);
  });

  it.each([
    [true, 14],
    [false, 11],
  ])('timeout-expired with effect %s leaves %i units', async (effect, expected) => {
    await arm({ match: write, kind: 'timeout-expired', effect });
    const { status, body } = await sandbox.adjust(3, '2026-07-13');
    expect([status, await units()]).toEqual([500, expected]);
    expect(body.errors[0]).toContain('Timeout expired');
  });

  it.each([
    ['500-before-commit', 11],
    ['500-after-commit', 14],
  ])('%s leaves %i units', async (kind, expected) => {
    await arm({ match: write, kind });
    const { status, body } = await sandbox.adjust(3, '2026-07-13');
    expect([status, await units()]).toEqual([500, expected]);
    expect(body.Message).toBe('An error has occurred.');
  });

  it('500-before-commit can be worded as an application error', async () => {
    await arm({ match: write, kind: '500-before-commit', text: 'Transaction was deadlocked' });
    expect((await sandbox.adjust(3, '2026-07-13')).body).toEqual({ errors: ['Transaction was deadlocked'] });
  });

  it.each([
    [{}, null],
    [{ retryAfter: 7 }, '7'],
    [{ retryAfter: 60, retryAfterForm: 'date' }, 'Wed, 15 Jul 2026 12:01:00 GMT'],
  ])('429 with %j says Retry-After %s', async (fields, retryAfter) => {
    await arm({ match: write, kind: '429', ...fields });
    const { status, headers } = await sandbox.adjust(3, '2026-07-13');
    expect([status, headers.get('retry-after'), await effectCount()]).toEqual([429, retryAfter, 0]);
  });
});

describe('time', () => {
  it('delayed-apply answers now and is visible later', async () => {
    await arm({ match: write, kind: 'delayed-apply', seconds: 60 });
    const { status, body } = await sandbox.adjust(3, '2026-07-13');
    expect([status, body]).toEqual([200, { itemId: null }]);
    expect([await effectCount(), await units()]).toEqual([0, 11]);
    await advance(60);
    expect([await units(), await effectCount()]).toEqual([14, 1]);
    expect((await sandbox.effects(1))[0]).toMatchObject({ at: '2026-07-15T12:01:00.000Z', by: 'api' });
  });

  it('delayed-apply answers a refusal at once', async () => {
    await arm({ match: write, kind: 'delayed-apply', seconds: 60 });
    expect((await sandbox.adjust(3, '2028-01-01')).status).toBe(500);
  });

  it('stale-reads answers what was true then', async () => {
    await sandbox.adjust(1, '2026-07-13');
    await advance(30);
    await sandbox.adjust(2, '2026-07-14');
    await arm({ match: reads, kind: 'stale-reads', seconds: 10 });
    await arm({ match: reads, kind: 'stale-reads', seconds: 40 });
    expect(await sandbox.unitsOn(9050, '2026-07-14')).toBe(12);
    expect(await sandbox.unitsOn(9050, '2026-07-14')).toBe(11);
    expect(await sandbox.unitsOn(9050, '2026-07-14')).toBe(14);
  });

  it('slow answers late and leaves room for another fault', async () => {
    await arm({ match: write, kind: 'slow', ms: 120 });
    await arm({ match: write, kind: '503-html' });
    const started = performance.now();
    expect((await sandbox.adjust(3, '2026-07-13')).status).toBe(503);
    expect(performance.now() - started).toBeGreaterThan(110);
  });
});

describe("somebody else's edit", () => {
  it('lies between the read and the matched write', async () => {
    const adjustment = { contractServiceID: 9050, unitChange: 5, effectiveDate: '2026-07-10' };
    await arm({ match: write, kind: 'inject', adjustment });
    await sandbox.adjust(3, '2026-07-13');
    expect(await units()).toBe(19);
    expect((await sandbox.effects(1)).map(({ by }) => by)).toEqual(['fault', 'api']);
  });

  it('may be any call, and joins a lost answer', async () => {
    const call = { method: 'PATCH', path: '/V1.0/Contracts', body: { id: 7001, endDate: '2026-07-12' } };
    await arm({ match: write, kind: 'inject', call });
    await arm({ match: write, kind: 'apply-then-drop-connection' });
    await expect(sandbox.adjust(3, '2026-07-13')).rejects.toThrow('fetch failed');
    expect((await sandbox.effects(1)).map(({ by }) => by)).toEqual(['fault']);
  });
});

describe('the list of faults', () => {
  it('hits as often as it says, after what it skips', async () => {
    await arm({ match: write, kind: '503-html', count: 2, skip: 1 });
    const statuses: number[] = [];
    for (const day of ['02', '03', '04', '05']) statuses.push((await sandbox.adjust(1, `2026-07-${day}`)).status);
    expect(statuses).toEqual([200, 503, 503, 200]);
  });

  it('shows what is left and forgets it on demand', async () => {
    await arm({ match: write, kind: '503-html', count: 'always' });
    await arm({ match: write, kind: 'slow', ms: 1, count: 2 });
    await sandbox.adjust(1, '2026-07-13');
    const { faults } = await sandbox.admin<{ faults: object[] }>('GET', 'faults');
    expect(faults).toMatchObject([
      { hits: 1, remaining: 'always' },
      { hits: 1, remaining: 1 },
    ]);
    await sandbox.admin('DELETE', 'faults');
    expect((await sandbox.adjust(1, '2026-07-13')).status).toBe(200);
  });

  it('spares POSTed queries unless a path names them', async () => {
    await arm({ kind: 'drop-before-apply' });
    expect(await units()).toBe(11);
    await arm({ match: { path: 'units/query$|units/query\\?' }, kind: 'drop-before-apply' });
    await expect(units()).rejects.toThrow('fetch failed');
  });

  it('matches by method and body', async () => {
    await arm({ match: { method: 'post', body: '"unitChange":4' }, kind: '503-html' });
    expect((await sandbox.adjust(3, '2026-07-13')).status).toBe(200);
    expect((await sandbox.adjust(4, '2026-07-14')).status).toBe(503);
  });

  it('refuses what it does not know, with a pointer', async () => {
    expect((await arm({ kind: 'nonsense' })).errors).toMatchObject([{ pointer: '/kind' }]);
    expect((await arm({ kind: 'delayed-apply' })).errors).toMatchObject([{ pointer: '/seconds' }]);
  });
});
