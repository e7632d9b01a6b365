import { describe, expect, it } from 'vitest';
import { assigned, call, Msp, SERVICE, SKU, UnexpectedAnswer } from '@trueup/testing/product';
import { scene } from './scene.js';

describe('a second tenant', () => {
  it('sees nothing of the first, and its absence looks like any other absence', async () => {
    const stage = await scene('First of two');
    const customer = stage.customers[0]!;
    await stage.msp.post([assigned(customer.code, 'jo', SERVICE, stage.now.toISOString())]);
    await stage.runtime.settled();
    const line = await stage.msp.line(customer.code, SKU);
    const other = await Msp.create(stage.runtime, 'Second of two');

    for (const list of ['/lines', '/customers', '/connections', '/runs', '/billing/current/items', '/billing/current/summary']) {
      expect(await other.api('GET', list), list).toMatchObject({ data: [] });
    }
    const single = [
      `/lines/${line.lineKey}`,
      `/lines/${line.lineKey}/explain`,
      `/customers/${customer.code}`,
      `/connections/${stage.connectionId}`,
    ];
    for (const path of single) {
      const foreign = await other.api<{ code: string }>('GET', path, { expect: 404 });
      expect(foreign.code, path).toBe('not-found');
    }
    await other.api('PUT', `/connections/${stage.connectionId}/mode`, { body: { mode: 'observe' }, expect: 404 });
  });

  it('may use the same event identities and customer codes', async () => {
    const stage = await scene('Same names');
    const other = await Msp.create(stage.runtime, 'Same names too');
    const one = assigned(stage.customers[0]!.code, 'jo', SERVICE, stage.now.toISOString());
    expect(await stage.msp.postOne(one)).toMatchObject({ accepted: 1 });
    await stage.runtime.settled();
    expect(await other.postOne(one)).toMatchObject({ accepted: 1, duplicate: 0 });
    await stage.runtime.settled();
    expect((await other.api<{ data: unknown[] }>('GET', '/billing/current/items')).data).toHaveLength(1);
  });
});

describe('a token', () => {
  it('opens nothing one second after it was deleted, on any service', async () => {
    const { msp, runtime, now } = await scene('Deleted token');
    const made = await msp.api<{ id: string; token: string }>('POST', '/tokens', {
      body: { label: 'short-lived', scopes: ['billing:read', 'events:write'], reach: 'tenant' },
      expect: 201,
    });
    const { apiUrl, ingestUrl } = runtime.endpoints;
    const read = (): Promise<unknown> => call('GET', `${apiUrl}/v1/lines`, { token: made.token });
    const write = (): Promise<unknown> =>
      call('POST', `${ingestUrl}/v1/events`, {
        token: made.token,
        body: assigned('CUST-1', 'jo', SERVICE, now.toISOString()),
        contentType: 'application/cloudevents+json',
      });
    await Promise.all([read(), write()]);
    await msp.api('DELETE', `/tokens/${made.id}`);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const use of [read, write]) {
      const error = await use().catch((caught: unknown) => caught);
      expect(error).toBeInstanceOf(UnexpectedAnswer);
      expect((error as UnexpectedAnswer).status).toBe(401);
    }
  });
});
