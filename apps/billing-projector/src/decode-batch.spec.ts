import { type ProvisioningEvent, PROVISIONING_EVENTS, toEventRecord } from '@trueup/contracts';
import type { LogRecord } from '@trueup/kafka';
import { describe, expect, it } from 'vitest';
import { decodeBatch } from './decode-batch.js';

const place = { topic: PROVISIONING_EVENTS, partition: 3 };
const event = {
  ...{ specversion: '1.0', id: 'e', source: 'urn:spec', time: '2026-03-05T09:00:00Z', subject: 'C1' },
  ...{ type: 'trueup.user.removed.v1', data: { userCode: 'ann' } },
} as ProvisioningEvent;
const { value, headers } = toEventRecord({ tenantId: 'ten_1', recordedAt: '2026-03-05T09:00:01Z', event });
const record = (more: Partial<LogRecord>): LogRecord => ({
  ...{ offset: 7n, key: 'ten_1/C1', value: Buffer.from(value), headers, timestamp: new Date('2026-03-05T09:00:02Z') },
  ...more,
});

describe('decodeBatch', () => {
  it('reads an event with its place, fingerprint and order', () => {
    const { events, invalid } = decodeBatch(place, [record({})]);
    expect(invalid).toEqual([]);
    expect(events[0]).toMatchObject({
      event: { id: 'e' },
      slot: { tenantId: 'ten_1', kind: 'user' },
      origin: { partition: 3, offset: 7n },
    });
  });

  it.each([
    ['a tombstone', { value: null }],
    ['no JSON', { value: Buffer.from('{') }],
    ['another shape', { value: Buffer.from('{"userCode":1}') }],
    ['no tenant', { headers: { ...headers, ce_tenantid: '' } }],
    ['an unknown type', { headers: { ...headers, ce_type: 'trueup.other.v1' } }],
    ["another customer's key", { key: 'ten_1/C2' }],
    ['no key', { key: null }],
  ])('sets %s aside with the reason and the bytes', (_name, more) => {
    const { events, invalid } = decodeBatch(place, [record(more)]);
    expect(events).toEqual([]);
    expect(invalid[0]).toMatchObject({ reason: 'invalid', origin: { offset: 7n } });
    expect(invalid[0]?.errors.length).toBeGreaterThan(0);
  });

  it('gives a record to no tenant when key and header name different ones', () => {
    const { events, invalid } = decodeBatch(place, [record({ headers: { ...headers, ce_tenantid: 'ten_2' } })]);
    expect({ events, tenantId: invalid[0]?.tenantId, errors: invalid[0]?.errors }).toEqual({
      events: [],
      tenantId: '',
      errors: [{ pointer: '', detail: 'The key names another customer than the headers' }],
    });
  });
});
