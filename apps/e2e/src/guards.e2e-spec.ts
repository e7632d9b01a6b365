import { describe, expect, it } from 'vitest';
import {
  agreementLineOf,
  event,
  removed,
  type Scene,
  type SceneCustomer,
  seats,
  SERVICE,
  SKU,
  writesOf,
} from '@trueup/testing/product';
import { scene } from './scene.js';

interface HoldView {
  id: string;
  agreementLineKey: string;
  code: string;
  message: string;
}

async function delivered(stage: Scene, customer: SceneCustomer, count: number): Promise<void> {
  await stage.msp.post(seats(stage, customer, count));
  await stage.runtime.settled();
  expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(count);
}

const later = (stage: Scene): string => new Date(stage.now.getTime() + 1000).toISOString();

describe('a limit on change', () => {
  it('holds when a script removes 40 % of the seats, with both values, and lets them go after a release with a note', async () => {
    const stage = await scene('Forty per cent');
    const customer = stage.customers[0]!;
    await delivered(stage, customer, 10);
    await stage.runtime.advanceClock('P1D'); // limits count within a run, and a run is a local day
    const guard = { scope: { customerCode: customer.code }, kind: 'max-change', per: 'customer', unit: 'percent', value: '30' };
    await stage.msp.api('PUT', '/guards', { body: [guard] });
    await stage.msp.post(['u0', 'u1', 'u2', 'u3'].map((user) => removed(customer.code, user, SERVICE, later(stage))));
    await stage.runtime.settled();
    expect(await agreementLineOf(stage, customer)).toMatchObject({ state: 'held', code: 'GUARD_TRIPPED' });
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 10 });

    const { data: holds } = await stage.msp.api<{ data: HoldView[] }>('GET', '/holds');
    expect(holds).toHaveLength(1);
    expect(holds[0]!.message).toMatch(/4 of 10 units/);
    await stage.msp.api('POST', `/holds/${holds[0]!.id}/release`, { body: { note: 'the branch was closed' } });
    await stage.runtime.settled();
    expect(await writesOf(stage, customer)).toMatchObject({ count: 2, sum: 6 });
    expect((await stage.msp.api<{ data: HoldView[] }>('GET', '/holds')).data).toEqual([]);
  });
});

describe('absence', () => {
  it('never lowers: seats that only a catalogue change took away are held, not zeroed', async () => {
    const stage = await scene('Absence');
    const customer = stage.customers[0]!;
    await delivered(stage, customer, 8);
    await stage.msp.priceService(SERVICE, 'SKU-MISTYPED', stage.monthStart);
    await stage.runtime.settled();
    expect((await agreementLineOf(stage, customer)).state).toBe('held');
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 8 });
    await stage.msp.priceService(SERVICE, SKU, stage.monthStart);
    await stage.runtime.settled();
    expect((await agreementLineOf(stage, customer)).state).toBe('delivered');
    expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 8 });
  });
});

describe('a floor', () => {
  it('bills the floor for a small customer, and nothing once the customer is deprovisioned', async () => {
    const stage = await scene('Floor');
    const customer = stage.customers[0]!;
    await stage.msp.api('PUT', '/guards', { body: [{ scope: { sku: SKU }, kind: 'floor', value: '5' }] });
    await stage.msp.post(seats(stage, customer, 3));
    await stage.runtime.settled();
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(5);
    expect((await stage.msp.line(customer.code, SKU)).quantity).toBe('3');
    await stage.msp.post([event('customer.deprovisioned', customer.code, later(stage), {})]);
    await stage.runtime.settled();
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(0);
  });
});

describe('a manual run', () => {
  it('looks at every line of the connection again and ends with its counts', async () => {
    const stage = await scene('Run now', { customers: 3 });
    for (const customer of stage.customers) await delivered(stage, customer, 2);
    const { id } = await stage.msp.api<{ id: string }>('POST', '/runs', {
      body: { connectionId: stage.connectionId },
      expect: 202,
    });
    await stage.runtime.settled();
    const run = await stage.msp.api<{ state: string; counts: Record<string, number> }>('GET', `/runs/${id}`);
    expect(run).toMatchObject({ state: 'finished', counts: { LINE_UNCHANGED: 3 } });
    const { data: log } = await stage.msp.api<{ data: { code: string }[] }>('GET', `/runs/${id}/log`);
    expect(log.map((entry) => entry.code).sort()).toEqual([
      'LINE_UNCHANGED',
      'LINE_UNCHANGED',
      'LINE_UNCHANGED',
      'RUN_FINISHED',
      'RUN_STARTED',
    ]);
    for (const customer of stage.customers) expect(await writesOf(stage, customer)).toMatchObject({ count: 1, sum: 2 });
  });
});

describe('a mapping file', () => {
  it('with 3 bad lines of 500 names the three and imports nothing until somebody says so', async () => {
    const stage = await scene('Mapping file', { isMapped: false });
    const rows = Array.from({ length: 500 }, (_, n) => `IMP-${n},${stage.connectionId},${90_000 + n},2020-01-01`);
    rows[7] = `IMP-7,${stage.connectionId},,2020-01-01`;
    rows[250] = `IMP-250,con_unknown,90250,2020-01-01`;
    rows[499] = `IMP-499,${stage.connectionId},90499,2020-02-30`;
    const post = async (query: string): Promise<{ status: number; body: Record<string, unknown> }> => {
      const answer = await fetch(`${stage.runtime.endpoints.apiUrl}/v1/mappings/import?kind=customers${query}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${stage.msp.tokens.admin}`, 'content-type': 'text/csv' },
        body: ['customerCode,connectionId,billingIdentifier,validFrom', ...rows].join('\n'),
      });
      return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    const refused = await post('');
    expect(refused.status).toBe(422);
    for (const line of [9, 252, 501]) expect(JSON.stringify(refused.body)).toMatch(new RegExp(`\\b${line}\\b`));
    await stage.msp.api('GET', '/mappings/customers/IMP-0', { expect: 404 });

    const imported = await post('&skipBad=true');
    expect(imported.body).toMatchObject({ added: 497, bad: 3 });
    await stage.msp.api('GET', '/mappings/customers/IMP-0');
    await stage.msp.api('POST', `/mappings/imports/${String(imported.body['importId'])}/undo`);
    await stage.msp.api('GET', '/mappings/customers/IMP-0', { expect: 404 });
  });
});
