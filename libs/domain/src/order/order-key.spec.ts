import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toEvent } from '../fold/events.arbitrary.js';
import { compareOrder, inOrder } from './compare-order.js';
import { orderKeyOf } from './order-key.js';
import { toUtcMillis } from './utc-time.js';

const removal = { type: 'trueup.user.service.removed.v1', data: { userCode: 'u1', serviceCode: 'mail' } };
const creation = { type: 'trueup.user.created.v1', data: { userCode: 'u1', name: 'Ann' } };
const event = (parts: object) => toEvent({ id: 'e-1', source: '/a', time: '2026-03-05T10:00:00Z', ...creation, ...parts });
const idsInOrder = (...parts: object[]) =>
  inOrder(parts.map((one, index) => event({ id: `e-${index}`, ...one }))).map(({ id }) => id);

describe('orderKeyOf', () => {
  it('spells time in UTC, source, sequence, rank and id', () => {
    const key = orderKeyOf(event({ time: '2026-03-05T11:30:00.12+01:30', sourceseq: '0042' }));
    expect(key.split('\u0001')).toEqual(['2026-03-05T10:00:00.120000000Z', '/a', '00242', '1', 'e-1']);
  });

  it('leaves an absent sequence empty and ranks every ending type first', () => {
    const types = [
      'user.removed',
      'user.service.removed',
      'user.resource.unassigned',
      'domain.removed',
      'customer.deprovisioned',
    ];
    const data: Record<string, object> = {
      'user.removed': { userCode: 'u1' },
      'user.service.removed': { userCode: 'u1', serviceCode: 'mail' },
      'user.resource.unassigned': { userCode: 'u1', resourceCode: 'printer', kind: 'resource' },
      'domain.removed': { domain: 'acme.test' },
      'customer.deprovisioned': {},
    };
    const keys = types.map((type) =>
      orderKeyOf(event({ type: `trueup.${type}.v1`, data: data[type] }))
        .split('\u0001')
        .slice(2, 4),
    );
    expect(keys).toEqual(types.map(() => ['', '0']));
  });
});

describe('the order of events', () => {
  it('goes by instant, however it is written, to the nanosecond', () => {
    const times = ['2026-03-05T10:00:00.000000002Z', '2026-03-05T11:00:00+01:00', '2026-03-05T10:00:00.000000001Z'];
    expect(idsInOrder(...times.map((time) => ({ time })))).toEqual(['e-1', 'e-2', 'e-0']);
  });

  it('takes a sequence as an integer of any length, an absent one first', () => {
    const sequences = ['10', '9', undefined, '100000000000000000000', '99999999999999999999'];
    expect(idsInOrder(...sequences.map((sourceseq) => ({ sourceseq })))).toEqual(['e-2', 'e-1', 'e-0', 'e-4', 'e-3']);
  });

  it('puts a removal before an assignment of the same time, source and sequence, whatever their ids', () => {
    expect(idsInOrder(creation, removal)).toEqual(['e-1', 'e-0']);
  });

  it('goes by source before sequence, and a source before one that it begins', () => {
    expect(idsInOrder({ source: '/ab' }, { source: '/a', sourceseq: '9' }, { source: '/a' })).toEqual(['e-2', 'e-1', 'e-0']);
  });
});

describe('toUtcMillis', () => {
  it('cuts to milliseconds and moves what lies before year 1 to its start', () => {
    const times = ['2026-03-05T11:30:00.1239+01:30', '0000-01-01T00:00:00+01:00', '0001-01-01T12:00:00Z'];
    expect(times.map(toUtcMillis)).toEqual(['2026-03-05T10:00:00.123Z', '0001-01-02T00:00:00.000Z', '0001-01-02T00:00:00.000Z']);
  });
});

describe('compareOrder', () => {
  it('compares as the UTF-8 bytes of both texts do', () => {
    const texts = fc.string({
      unit: fc.constantFrom('a', 'b', '\u0001', '\u00e9', '\ud7ff', '\ue000', '\uffee', '\u{10000}', '\u{1f600}'),
    });
    fc.assert(
      fc.property(texts, texts, (a, b) => {
        const bytes = (text: string) => new TextEncoder().encode(text);
        expect(Math.sign(compareOrder(a, b))).toBe(Buffer.compare(bytes(a), bytes(b)));
      }),
      { numRuns: 500 },
    );
  });
});
