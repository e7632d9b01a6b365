import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentials, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let sandbox: SandboxUnderTest;

beforeEach(async () => {
  sandbox = await startSandboxUnderTest();
});

afterEach(() => sandbox.close());

const match = { path: 'ServiceAdjustments' };
const arm = (fault: object) => sandbox.admin('POST', 'faults', fault);
const units = () => sandbox.unitsOn(9050, '2026-07-13');

/** A write with a deadline of its own; answers what is left of it. */
async function writeWithin(ms: number): Promise<Response> {
  return fetch(`${sandbox.url}/ATServicesRest/V1.0/Contracts/7001/ServiceAdjustments`, {
    method: 'POST',
    headers: { ...credentials, 'content-type': 'application/json' },
    body: JSON.stringify({ contractID: 7001, contractServiceID: 9050, unitChange: 3, effectiveDate: '2026-07-13' }),
    signal: AbortSignal.timeout(ms),
  });
}

describe('an answer that does not come', () => {
  it.each([
    ['apply-then-drop-connection', 14],
    ['drop-before-apply', 11],
  ])('%s may end in a reset and leaves %i units', async (kind, expected) => {
    await arm({ match, kind, isReset: true });
    const error = await sandbox.adjust(3, '2026-07-13').catch((caught: unknown) => caught as Error);
    expect((error as { cause?: { code?: string } }).cause?.code).toBe('ECONNRESET');
    expect(await units()).toBe(expected);
  });

  it.each([
    [true, 14],
    [false, 11],
  ])('hang with effect %s ends when the caller gives up and leaves %i units', async (effect, expected) => {
    await arm({ kind: 'hang', effect });
    await expect(writeWithin(150)).rejects.toThrow(/timeout/i);
    expect(await units()).toBe(expected);
  });

  it('trickle sends the body byte by byte, so that a deadline cuts it', async () => {
    await arm({ match, kind: 'trickle' });
    const answer = await writeWithin(300);
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow(/abort|timeout/i);
  });

  it('trickle at a bearable pace arrives whole', async () => {
    await arm({ match, kind: 'trickle', bytesPerSecond: 1000 });
    expect((await sandbox.adjust(3, '2026-07-13')).body).toEqual({ itemId: null });
  });
});

describe('an answer of what stands before the API', () => {
  it.each([
    [500, true, 14],
    [502, true, 14],
    [504, true, 14],
    [504, false, 11],
  ])('gateway-error %i with effect %s leaves %i units', async (status, effect, expected) => {
    await arm({ kind: 'gateway-error', status, effect });
    const answer = await sandbox.adjust(3, '2026-07-13');
    expect([answer.status, answer.text.startsWith('<!DOCTYPE HTML>'), await units()]).toEqual([status, true, expected]);
  });

  it('429 may carry a page instead of the words of the API', async () => {
    await arm({ match, kind: '429', body: 'html', retryAfter: 2 });
    const { status, text, headers } = await sandbox.adjust(3, '2026-07-13');
    expect([status, headers.get('retry-after'), text.startsWith('<!DOCTYPE HTML>')]).toEqual([429, '2', true]);
  });
});
