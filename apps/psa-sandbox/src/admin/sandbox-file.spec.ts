import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { goldenState, standingClock, type SandboxUnderTest, startSandboxUnderTest } from '../sandbox-under-test.js';

let folder: string;
const alive: SandboxUnderTest[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'psa-sandbox-'));
});

afterEach(async () => {
  for (const sandbox of alive.splice(0)) await sandbox.close();
  rmSync(folder, { recursive: true });
});

async function start(state: unknown = null, now?: string) {
  const file = join(folder, 'sandbox.jsonl');
  const sandbox = await startSandboxUnderTest(state, { file, clock: standingClock(now) });
  alive.push(sandbox);
  return sandbox;
}

/** The earlier sandbox is not closed: as after a kill, the file is all that the later one has. */
describe('a sandbox that was killed', () => {
  it('comes back with its state and its effects', async () => {
    const first = await start(goldenState);
    await first.admin('PATCH', 'state', { switches: { adjustmentItemId: 'number' } });
    await first.adjust(3, '2026-07-13');
    await first.adjust(-2, '2026-08-01');
    const second = await start();
    expect(await second.admin('GET', 'state')).toEqual(await first.admin('GET', 'state'));
    expect(await second.effects()).toEqual(await first.effects());
    expect((await second.adjust(1, '2026-07-13')).status).toBe(500);
    expect((await second.adjust(1, '2026-07-14')).body.itemId).toBe(3);
  });

  it('knows what it has posted, and bills it no second time', async () => {
    const first = await start(goldenState);
    await first.admin('POST', 'post-period', { contractId: 7001, periodStart: '2026-07-01' });
    const second = await start();
    expect(await second.admin('GET', 'state')).toEqual(await first.admin('GET', 'state'));
    expect((await second.adjust(1, '2026-07-13')).status).toBe(500);
    await second.admin('POST', 'post-period', { contractId: 7001, periodStart: '2026-07-01' });
    expect(await second.effects(2)).toEqual([]);
  });

  it('still executes what was delayed, once', async () => {
    const first = await start(goldenState);
    await first.admin('POST', 'faults', { kind: 'delayed-apply', seconds: 60 });
    await first.adjust(3, '2026-07-13');
    const second = await start(null, '2026-07-15T12:02:00.000Z');
    expect(await second.unitsOn(9050, '2026-07-13')).toBe(14);
    const third = await start(null, '2026-07-15T12:03:00.000Z');
    expect(await third.unitsOn(9050, '2026-07-13')).toBe(14);
    expect(await third.effects(1)).toHaveLength(1);
  });

  it('drops a line that the kill tore, and goes on writing', async () => {
    const first = await start(goldenState);
    await first.adjust(3, '2026-07-13');
    appendFileSync(join(folder, 'sandbox.jsonl'), '{"effect":{"seq":3,"at"');
    const second = await start();
    await second.adjust(1, '2026-07-14');
    const third = await start();
    expect((await third.effects()).map(({ seq }) => seq)).toEqual([1, 2, 3]);
    expect(await third.unitsOn(9050, '2026-07-14')).toBe(15);
  });
});
