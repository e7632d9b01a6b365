import { toEventRecord } from '@trueup/contracts';
import { inTransaction } from '@trueup/persistence';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passCommands } from '../commands/pass-commands.js';
import { toEventRow } from '../projection/event-row.js';
import { projectEvents } from '../projection/project-events.js';
import { assigned, NOW, originOf, startedBilling } from '../projection/projection.fixture.js';
import { quarantine, type QuarantineReason } from '../projection/quarantine.js';
import { BillingQueries } from '../queries/billing-queries.js';
import { decideQuarantined, type QuarantineDecision } from './decide-quarantined.js';
import { listQuarantined, type Quarantined } from './quarantined.js';

let database: DataSource;
beforeAll(async () => {
  database = await startedBilling();
});
afterAll(() => database.destroy());

let run = 0;
const newTenant = (): string => `ten_quarantine_${++run}`;

/** The record of one seat, as the log holds it. */
function recordOf(tenantId: string, id: string, userCode = 'ann', claimed = tenantId) {
  const event = assigned(id, '2026-03-05T09:00:00Z', 'C1', userCode);
  const { value, headers } = toEventRecord({ tenantId: claimed, recordedAt: NOW.toISOString(), event });
  return { ...originOf(), headers, value: Buffer.from(value) };
}

async function setAside(tenantId: string, origin: ReturnType<typeof recordOf>, reason: QuarantineReason): Promise<Quarantined> {
  await quarantine(database, [{ tenantId, reason, errors: [{ pointer: '', detail: 'no' }], origin }], NOW);
  return (await listQuarantined(database, tenantId, {}, { limit: 1 })).data[0]!;
}

const decide = (tenantId: string, id: string, choice: QuarantineDecision['choice']) =>
  inTransaction(database, (tx) =>
    decideQuarantined(tx, tenantId, id, { choice, note: 'looked at', actor: { name: 'Desk' }, now: NOW }),
  );
const carriedOut = async () => expect((await passCommands(database, () => NOW)).failed).toEqual([]);
const now = async (tenantId: string) => (await listQuarantined(database, tenantId, {}, { limit: 1 })).data[0]!;
const seats = async (tenantId: string) =>
  (await new BillingQueries(database, () => NOW).lines(tenantId, 'tenant', 'current', {}, { limit: 9 }))?.data.map(
    ({ quantity }) => quantity,
  );

describe('a quarantined record', () => {
  it('counts once after its release, however often the release is carried out', async () => {
    const tenantId = newTenant();
    const { id } = await setAside(tenantId, recordOf(tenantId, 'a'), 'not-applicable');
    await decide(tenantId, id, 'release');
    const commands = await database.query<{ payload: object }[]>('select tenant_id, kind, payload from billing.command');
    await database.query(`insert into billing.command (tenant_id, kind, payload) values ($1, 'release-record', $2)`, [
      ...[tenantId, JSON.stringify(commands[0]!.payload)],
    ]);
    await carriedOut();
    expect(await now(tenantId)).toMatchObject({
      state: 'released',
      outcome: 'applied',
      note: 'looked at',
      decidedBy: { name: 'Desk' },
    });
    expect(await seats(tenantId)).toEqual(['1']);
  });

  it('that counted meanwhile is a duplicate', async () => {
    const tenantId = newTenant();
    const origin = recordOf(tenantId, 'a');
    const { id } = await setAside(tenantId, origin, 'not-applicable');
    const event = assigned('a', '2026-03-05T09:00:00Z', 'C1', 'ann');
    const row = toEventRow({ tenantId, event, recordedAt: NOW.toISOString() }, originOf());
    await inTransaction(database, (tx) => projectEvents(tx, [row], NOW));
    await decide(tenantId, id, 'release');
    await carriedOut();
    expect([(await now(tenantId)).outcome, await seats(tenantId)]).toEqual(['duplicate', ['1']]);
  });

  it.each([
    ['is no event', (tenantId: string) => ({ ...recordOf(tenantId, 'a'), value: Buffer.from('{') }), 'invalid', []],
    ['names another tenant', (tenantId: string) => recordOf(tenantId, 'a', 'ann', 'ten_other'), 'invalid', []],
    ['conflicts with what counts', (tenantId: string) => recordOf(tenantId, 'taken', 'bob'), 'event-conflict', ['1']],
  ])('that %s waits again with what is wrong', async (_what, origin, reason, held) => {
    const tenantId = newTenant();
    const event = assigned('taken', '2026-03-05T09:00:00Z', 'C1', 'ann');
    const row = toEventRow({ tenantId, event, recordedAt: NOW.toISOString() }, originOf());
    if (held.length > 0) await inTransaction(database, (tx) => projectEvents(tx, [row], NOW));
    const { id } = await setAside(tenantId, origin(tenantId), 'not-applicable');
    await decide(tenantId, id, 'release');
    await carriedOut();
    expect(await now(tenantId)).toMatchObject({ id, state: 'waiting', reason, outcome: null });
    expect((await seats(tenantId)) ?? []).toEqual(held);
  });

  it('is discarded once and for all', async () => {
    const tenantId = newTenant();
    const { id } = await setAside(tenantId, recordOf(tenantId, 'a'), 'not-applicable');
    expect(await decide(tenantId, id, 'discard')).toMatchObject({ record: { state: 'discarded' } });
    expect(await decide(tenantId, id, 'release')).toEqual({ refused: 'decided' });
    await carriedOut();
    expect((await seats(tenantId)) ?? []).toEqual([]);
  });

  it('is nothing to another tenant', async () => {
    const tenantId = newTenant();
    const { id } = await setAside(tenantId, recordOf(tenantId, 'a'), 'not-applicable');
    expect(await decide(newTenant(), id, 'discard')).toEqual({ refused: 'unknown' });
    expect((await listQuarantined(database, newTenant(), {}, { limit: 9 })).data).toEqual([]);
  });
});
