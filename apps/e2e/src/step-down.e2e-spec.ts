import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { call, seats } from '@trueup/testing/product';
import { scene } from './scene.js';

const CUSTOMERS = 400;

describe('stepping down', () => {
  it('lets not one write through after its answer, though 400 changes wait behind an open breaker; stepping up releases them', async () => {
    const stage = await scene('Step down', { customers: CUSTOMERS, isMapped: false, settings: { settleMs: 1500 } });
    const { msp, runtime, connectionId, customers } = stage;
    const rows = customers.map(({ code, companyId }) => `${code},${connectionId},${companyId},2020-01-01`);
    const csv = ['customerCode,connectionId,billingIdentifier,validFrom', ...rows].join('\n');
    const imported = await fetch(`${runtime.endpoints.apiUrl}/v1/mappings/import?kind=customers`, {
      method: 'POST',
      headers: { authorization: `Bearer ${msp.tokens.admin}`, 'content-type': 'text/csv' },
      body: csv,
    });
    expect(imported.status, await imported.text()).toBeLessThan(300);
    await runtime.settled();

    await msp.sandbox.fault({ kind: '503-html', match: { access: 'any' }, count: 'always' });
    const before = await msp.sandbox.lastSeq();
    for (let at = 0; at < CUSTOMERS; at += 100) {
      await msp.post(customers.slice(at, at + 100).flatMap((customer) => seats(stage, customer, 1)));
    }
    await wait(5_000);
    await msp.api('PUT', `/connections/${connectionId}/mode`, { body: { mode: 'observe' } });
    await call('DELETE', `${msp.sandbox.url}/_sandbox/faults`);
    await wait(15_000);
    expect(await msp.sandbox.effects(before)).toEqual([]);

    await runtime.settled(120);
    await msp.api('PUT', `/connections/${connectionId}/mode`, { body: { mode: 'auto' } });
    await runtime.settled(180);
    const effects = await msp.sandbox.effects(before);
    expect(effects).toHaveLength(CUSTOMERS);
    expect(effects.every(({ body }) => body.unitChange === 1)).toBe(true);
  });
});
