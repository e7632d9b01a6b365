import { type ProvisioningEvent, toEventRecord } from '@trueup/contracts';
import { inTransaction } from '@trueup/persistence';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { passCommands } from '../commands/pass-commands.js';
import { toEventRow } from '../projection/event-row.js';
import { projectEvents } from '../projection/project-events.js';
import { assigned, originOf, startedBilling } from '../projection/projection.fixture.js';
import { quarantine } from '../projection/quarantine.js';
import { decideQuarantined } from '../quarantine/decide-quarantined.js';
import { listQuarantined } from '../quarantine/quarantined.js';
import { countProjected } from './count-projected.js';
import { type EventBalance, readEventBalances, recountQuarantined, recountStored } from './event-balances.js';
import { foldCounts } from './fold-counts.js';
import { writeAccepted } from './write-accepted.js';

let database: DataSource;
beforeAll(async () => {
  database = await startedBilling();
});
afterAll(() => database.destroy());

const NOW = new Date('2026-03-20T12:00:00Z');
const BEGINNING = new Date(0);
const HOURS = ['2026-03-20T09:59:59.999Z', '2026-03-20T10:00:00Z', '2026-03-20T11:30:00Z'];

/** One record of the log: an event with one of few identities and contents, or something that is none. */
type Sent = { id: number; user: number; hour: number } | { broken: number; hour: number | null };
const sent: fc.Arbitrary<Sent> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ id: fc.nat(9), user: fc.nat(2), hour: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ broken: fc.nat(9), hour: fc.option(fc.nat(2)) }) },
);
/** Batches of partitions; some crash after all their work, just before the commit. */
const batches = fc.array(
  fc.record({ partition: fc.nat(3), isLost: fc.boolean(), records: fc.array(sent, { minLength: 1, maxLength: 8 }) }),
  { minLength: 1, maxLength: 8 },
);
type Batch = typeof batches extends fc.Arbitrary<(infer T)[]> ? T : never;

const eventOf = ({ id, user }: { id: number; user: number }): ProvisioningEvent =>
  assigned(`e${id}`, '2026-03-05T09:00:00Z', 'C1', `u${user}`);

function rowOf(tenantId: string, one: { id: number; user: number; hour: number }) {
  const recordedAt = HOURS[one.hour]!;
  const event = eventOf(one);
  return toEventRow(
    { tenantId, event, recordedAt },
    { ...originOf(), ...toEventRecord({ tenantId, recordedAt, event }), value: null },
  );
}

const headersOf = (recordedAt: string | undefined): Record<string, string> =>
  recordedAt === undefined ? {} : { ce_recordedat: recordedAt };

class Crash extends Error {}

/** What the projector does with a batch, in one transaction. */
async function project(tenantId: string, { partition, records, isLost }: Batch): Promise<void> {
  const rows = records.flatMap((one) => ('broken' in one ? [] : [rowOf(tenantId, one)]));
  const aside = records.flatMap((one) =>
    'broken' in one ? [{ tenantId, recordedAt: one.hour === null ? undefined : HOURS[one.hour]! }] : [],
  );
  await inTransaction(database, async (tx) => {
    const invalid = aside.map(({ recordedAt }) => ({
      ...{ tenantId, reason: 'invalid' as const, errors: [] },
      origin: { ...originOf(), headers: headersOf(recordedAt) },
    }));
    await quarantine(tx, invalid, NOW);
    const { stored } = await projectEvents(tx, rows, NOW);
    await countProjected(tx, { partition, stored, aside, now: NOW });
    if (isLost) throw new Crash();
  }).catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
}

const balancesOf = (tenantId: string, byDayBefore = BEGINNING) => readEventBalances(database, { tenantId, byDayBefore });
const byHour = (rows: readonly { hour: Date }[], of: (row: never) => number) =>
  Object.fromEntries(rows.map((row) => [row.hour.toISOString(), of(row as never)]).filter(([, count]) => count !== 0));
const sumOf = (rows: readonly EventBalance[], of: keyof EventBalance) => rows.reduce((sum, row) => sum + Number(row[of]), 0);

let run = 0;
const newTenant = () => `ten_counted_${++run}`;

describe('the counters of events', () => {
  it('equal a recount of what is stored, after any batches, repeats, conflicts, undecodable records and crashes', async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (drawn) => {
        const tenantId = newTenant();
        for (const batch of drawn) await project(tenantId, batch);
        const balances = await balancesOf(tenantId);
        const span = { tenantId, byDayBefore: BEGINNING, from: BEGINNING, to: NOW };
        expect(byHour(balances, (row: EventBalance) => row.applied)).toEqual(
          byHour(await recountStored(database, span), (row: { stored: number }) => row.stored),
        );
        expect(byHour(balances, (row: EventBalance) => row.quarantined)).toEqual(
          byHour(await recountQuarantined(database, span), (row: { stored: number }) => row.stored),
        );
        const committed = drawn.filter(({ isLost }) => !isLost).reduce((sum, { records }) => sum + records.length, 0);
        expect(sumOf(balances, 'applied') + sumOf(balances, 'duplicates') + sumOf(balances, 'quarantined')).toBe(committed);
      }),
      { numRuns: 40 },
    );
  });

  it('lose nothing when partitions write side by side', async () => {
    const tenantId = newTenant();
    const batchesOf = (partition: number): Batch[] =>
      Array.from({ length: 10 }, () => ({
        partition,
        isLost: false,
        records: [
          { broken: 1, hour: 0 },
          { broken: 2, hour: 1 },
        ],
      }));
    await Promise.all(
      [0, 1, 2, 3].map(async (partition) => {
        for (const batch of batchesOf(partition)) await project(tenantId, batch);
      }),
    );
    expect((await balancesOf(tenantId)).map(({ quarantined }) => quarantined)).toEqual([40, 40]);
  });

  it.each([
    ['is applied', false, { applied: 1, duplicates: 0, quarantined: 0 }],
    ['proves a duplicate', true, { applied: 1, duplicates: 1, quarantined: 0 }],
  ])('follow a released record that %s to its fate, in the hour of its arrival', async (_, isKnown, expected) => {
    const tenantId = newTenant();
    const event = eventOf({ id: 1, user: 1 });
    const { value, headers } = toEventRecord({ tenantId, recordedAt: HOURS[0]!, event });
    const origin = { ...originOf(), headers, value: Buffer.from(value) };
    await inTransaction(database, async (tx) => {
      await quarantine(tx, [{ tenantId, reason: 'not-applicable', errors: [], origin }], NOW);
      await countProjected(tx, { partition: 1, aside: [{ tenantId, recordedAt: HOURS[0] }], now: NOW });
    });
    if (isKnown) await project(tenantId, { partition: 2, isLost: false, records: [{ id: 1, user: 1, hour: 0 }] });
    const { id } = (await listQuarantined(database, tenantId, {}, { limit: 1 })).data[0]!;
    await inTransaction(database, (tx) =>
      decideQuarantined(tx, tenantId, id, { choice: 'release', note: 'seen', actor: { name: 'Desk' }, now: NOW }),
    );
    expect((await passCommands(database, () => NOW)).failed).toEqual([]);
    expect(await balancesOf(tenantId)).toMatchObject([{ ...expected, hour: new Date('2026-03-20T09:00:00Z') }]);
  });

  it('say the same after old hours are folded, again and again, and after a total that comes late', async () => {
    const tenantId = newTenant();
    const accept = (hour: string, accepted: number, instance = 'a') =>
      writeAccepted(database, instance, [{ tenantId, hour: new Date(hour), accepted }]);
    await project(tenantId, {
      partition: 0,
      isLost: false,
      records: [
        { id: 1, user: 1, hour: 0 },
        { id: 2, user: 1, hour: 1 },
      ],
    });
    await project(tenantId, {
      partition: 1,
      isLost: false,
      records: [
        { id: 2, user: 1, hour: 1 },
        { id: 3, user: 1, hour: 2 },
      ],
    });
    await accept('2026-03-20T09:00:00Z', 1);
    await accept('2026-03-20T10:00:00Z', 1);
    await accept('2026-03-20T10:00:00Z', 1);
    await accept('2026-03-20T10:00:00Z', 1, 'b');
    const [noon, tomorrow] = [new Date('2026-03-20T11:00:00Z'), new Date('2026-03-21T00:00:00Z')];
    const before = await balancesOf(tenantId);
    await foldCounts(database, { byHourBefore: noon, byDayBefore: BEGINNING });
    expect(await balancesOf(tenantId)).toEqual(before);
    for (const _ of [1, 2]) await foldCounts(database, { byHourBefore: tomorrow, byDayBefore: tomorrow });
    await accept('2026-03-20T11:00:00Z', 1, 'late');
    await foldCounts(database, { byHourBefore: tomorrow, byDayBefore: tomorrow });
    const day = { hour: new Date('2026-03-20T00:00:00Z'), accepted: 4, applied: 3, duplicates: 1, quarantined: 0 };
    expect(await balancesOf(tenantId, tomorrow)).toEqual([{ tenantId, ...day }]);
    expect(await database.query('select 1 from billing.projected_events where tenant_id = $1', [tenantId])).toHaveLength(1);
  });
});
