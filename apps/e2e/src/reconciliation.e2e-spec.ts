import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { assigned, inDatabase, type Scene, seats, SERVICE } from '@trueup/testing/product';
import { scene } from './scene.js';

interface Count {
  lines: number;
  units: string;
}

interface Reconciliation {
  checkedAt: string | null;
  isExplained: boolean;
  unexplained: Record<'events' | 'stored' | 'lines' | 'quantities', { count: number; since: string | null }>;
  events: Record<'accepted' | 'unacknowledged' | 'applied' | 'duplicate' | 'quarantined' | 'inFlight' | 'unexplained', number>;
  lines: Record<'desired' | 'delivered' | 'inFlight' | 'unexplained' | 'unknown', Count>;
  quantities: { rows: object | null; parts: object | null; schedules: object | null; differing: unknown[] };
}

const shown = ({ msp }: Scene): Promise<Reconciliation> => msp.api('GET', '/reconciliation');

/** The story's own numbers, once they are as expected. */
async function until(stage: Scene, isReached: (now: Reconciliation) => boolean | Promise<boolean>): Promise<Reconciliation> {
  for (let attempt = 0; attempt < 240; attempt++) {
    const now = await shown(stage);
    if (await isReached(now)) return now;
    await wait(250);
  }
  throw new Error(`never reached: ${JSON.stringify(await shown(stage))}`);
}

/** A check looks whenever the clock moves. */
async function checkAfter(stage: Scene, duration: string): Promise<Reconciliation> {
  await stage.runtime.advanceClock(duration);
  const { now } = await stage.runtime.status();
  return until(stage, ({ checkedAt }) => checkedAt !== null && Date.parse(checkedAt) >= Date.parse(now) - 2_000);
}

async function metricOf({ runtime }: Scene, identity: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${runtime.endpoints.adminPorts['api']![0]}/metrics`)).text();
  return Number(new RegExp(`^trueup_accounting_difference\\{identity="${identity}"\\} (\\S+)$`, 'm').exec(text)?.[1]);
}

/** The metric is read where it is served, which may be a moment behind the check. */
async function metricIs(stage: Scene, identity: string, count: number): Promise<true> {
  await until(stage, async () => (await metricOf(stage, identity)) === count);
  return true;
}

/** A tenant with six seats of two customers in the PSA, whose first day of billing is over. */
async function atRest(name: string): Promise<Scene> {
  const stage = await scene(name, { customers: 2 });
  await stage.msp.post(stage.customers.flatMap((customer) => seats(stage, customer, 3)));
  await stage.runtime.settled(90);
  await stage.runtime.advanceClock('P1D');
  await stage.runtime.settled(90);
  return stage;
}

/** Takes a row away behind everybody's back, for as long as `work` lasts. */
async function withoutOne<T>({ runtime, msp }: Scene, [table, newest]: [string, string], work: () => Promise<T>): Promise<T> {
  return inDatabase(runtime.endpoints.databaseUrl, async (client) => {
    const gone = await client.query<{ row: unknown }>(
      `delete from ${table} t where ctid = (select ctid from ${table} where tenant_id = $1 order by ${newest} desc limit 1) returning to_jsonb(t) as row`,
      [msp.tenantId],
    );
    expect(gone.rowCount).toBe(1);
    const putBack = `insert into ${table} select * from jsonb_populate_record(null::${table}, $1)`;
    try {
      return await work();
    } finally {
      await client.query(putBack, [gone.rows[0]!.row]);
    }
  });
}

describe('the accounting identity', () => {
  it('is exact at rest, in all three equations', async () => {
    const stage = await atRest('At rest');
    await stage.msp.post(seats(stage, stage.customers[0]!, 3));
    await stage.runtime.settled(90);
    const { isExplained, events, lines, quantities } = await checkAfter(stage, 'PT1S');
    expect(isExplained).toBe(true);
    expect(events.accepted + events.unacknowledged).toBe(events.applied + events.duplicate + events.quarantined);
    expect(events).toMatchObject({ unacknowledged: 0, inFlight: 0, unexplained: 0 });
    const six = { lines: 2, units: '6' };
    expect(lines).toMatchObject({
      desired: six,
      delivered: six,
      inFlight: { lines: 0 },
      unexplained: { lines: 0 },
      unknown: { lines: 0 },
    });
    expect(quantities).toMatchObject({
      rows: { lines: 2, rows: '6', targets: '6' },
      parts: { targets: '6', counting: '0', parts: '6' },
      schedules: { agreementLines: 2, parts: '6', offset: '0', floor: '0', schedules: '6' },
      differing: [],
    });
  });

  it('raises the metric and the answer when the projector stands for ten minutes, and both fall back to 0 when it returns', async () => {
    const stage = await atRest('Stopped projector');
    const { runtime, msp, customers } = stage;
    const before = await checkAfter(stage, 'PT1S');
    expect([before.isExplained, await metricIs(stage, 'events', 0)]).toEqual([true, true]);
    await runtime.kill('billing-projector');
    const time = new Date((await runtime.status()).now).toISOString();
    await msp.post(['a', 'b', 'c', 'd'].map((user) => assigned(customers[0]!.code, user, SERVICE, time)));
    await until(stage, ({ events }) => events.inFlight === 4);
    const early = await checkAfter(stage, 'PT1S');
    expect([early.isExplained, early.events.inFlight]).toEqual([true, 4]);
    const late = await checkAfter(stage, 'PT10M');
    expect(late).toMatchObject({
      isExplained: false,
      events: { inFlight: 0, unexplained: 4 },
      unexplained: { events: { count: 4 } },
    });
    expect(await metricIs(stage, 'events', 4)).toBe(true);
    await runtime.restart('billing-projector');
    await runtime.settled(90);
    const after = await checkAfter(stage, 'PT1S');
    expect(after).toMatchObject({
      isExplained: true,
      events: { inFlight: 0, unexplained: 0, applied: before.events.applied + 4 },
    });
    expect(await metricIs(stage, 'events', 0)).toBe(true);
  });

  it.each([
    ['stored', 'billing.event', 'recorded_at'],
    ['quantities', 'billing.holding', 'changed_at'],
  ] as const)('finds what is gone from the database, whatever the counters say: %s', async (identity, table, newest) => {
    const stage = await atRest(`Planted loss ${identity}`);
    const time = new Date((await stage.runtime.status()).now).toISOString();
    await stage.msp.post([assigned(stage.customers[0]!.code, 'new', SERVICE, time)]);
    await stage.runtime.settled(90);
    const [found, raised] = await withoutOne(stage, [table, newest], async () => {
      await checkAfter(stage, 'PT1S');
      return [await checkAfter(stage, 'PT10M'), await metricIs(stage, identity, 1)] as const;
    });
    expect(found).toMatchObject({ isExplained: false, events: { unexplained: 0 }, unexplained: { [identity]: { count: 1 } } });
    expect(raised).toBe(true);
    await stage.runtime.advanceClock('PT1S');
    await until(stage, ({ isExplained }) => isExplained);
    expect(await metricIs(stage, identity, 0)).toBe(true);
  });
});
