import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, inject, it } from 'vitest';
import { assigned, SERVICE } from '@trueup/testing/product';
import { scene } from './scene.js';
import type { SeenSpan } from './trace-receiver.js';

const WANTED = ['billing-projector', 'change-control', 'connector-autotask', 'ingest'];

async function servicesIn(traceId: string): Promise<string[]> {
  const spans = (await (await fetch(`${inject('tracesUrl')}/spans?traceId=${traceId}`)).json()) as SeenSpan[];
  return [...new Set(spans.map(({ service }) => service))].toSorted();
}

describe("a request's trace", () => {
  it('goes on from ingest through the log to the connector', async () => {
    const { msp, runtime, customers, now } = await scene('Traced');
    const traceId = randomBytes(16).toString('hex');
    const traceparent = `00-${traceId}-${randomBytes(8).toString('hex')}-01`;
    await msp.post([assigned(customers[0]!.code, 'traced', SERVICE, now.toISOString())], { traceparent });
    await runtime.settled();
    for (let attempt = 0; attempt < 60 && (await servicesIn(traceId)).length < WANTED.length; attempt++) await wait(250);
    expect(await servicesIn(traceId)).toEqual(WANTED);
  });
});
