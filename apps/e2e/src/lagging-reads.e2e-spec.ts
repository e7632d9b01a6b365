import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { assigned, SERVICE, writesOf } from '@trueup/testing/product';
import { scene } from './scene.js';

describe('a read model that lags ten seconds behind', () => {
  it('gets nothing planned on top of what it does not show yet; the final units are exact', async () => {
    const stage = await scene('Lagging reads', { settings: { settleMs: 20_000 } });
    const customer = stage.customers[0]!;
    await stage.msp.sandbox.fault({ kind: 'stale-reads', seconds: 10, count: 'always', match: { path: 'ContractServiceUnits' } });
    for (let n = 0; n < 30; n++) {
      await stage.msp.post([assigned(customer.code, `u${n}`, SERVICE, stage.now.toISOString())]);
      await wait(800);
    }
    await stage.runtime.settled(120);
    const writes = await writesOf(stage, customer);
    expect(writes.sum).toBe(30);
    expect(await stage.msp.sandbox.unitsOn(customer.contractServiceId, stage.today)).toBe(30);
    expect(writes.count).toBeLessThanOrEqual(5);
    await fetch(`${stage.msp.sandbox.url}/_sandbox/faults`, { method: 'DELETE' });
  });
});
