import { describe, expect, it } from 'vitest';
import { foldCustomer } from './fold-customer.js';
import { foldUser } from './fold-user.js';
import { nameAt, nameNow } from './name-history.js';
import { payersOf } from './payers-of.js';
import { toEvent } from './events.arbitrary.js';

const event = (type: string, time: string, data: object) =>
  toEvent({ id: `${type}-${time}`, source: '/a', type: `trueup.${type}.v1`, time, data });
const created = event('customer.created', '2026-01-10T09:00:00Z', { name: 'Acme', resellerCode: 'r1', billedBy: 'reseller' });
const moved = (time: string, resellerCode: string | null, billedBy: string) =>
  event('customer.moved', time, { resellerCode, billedBy });

describe('foldUser', () => {
  const state = foldUser({ customerCode: 'c1', userCode: 'u1' }, undefined, [
    event('user.created', '2026-01-10T09:00:00Z', { userCode: 'u1', name: 'Ann Old', upn: 'ann@acme.test' }),
    event('user.renamed', '2026-02-10T09:00:00Z', { userCode: 'u1', name: 'Ann New' }),
    event('user.removed', '2026-03-10T09:00:00Z', { userCode: 'u1' }),
  ]);

  it('knows the name of every instant, the first one before it was told', () => {
    const names = ['2025-01-01', '2026-02-01', '2026-02-10T09:00:00.000Z'].map((at) => nameAt(state.names, at)?.name);
    expect([...names, nameNow(state.names)]).toEqual([
      'Ann Old',
      'Ann Old',
      'Ann New',
      { at: '2026-02-10T09:00:00.000Z', name: 'Ann New', upn: 'ann@acme.test' },
    ]);
  });

  it('keeps the key of the last removal', () => {
    expect(state.lastEndKey.slice(0, 10)).toBe('2026-03-10');
  });
});

describe('payersOf', () => {
  it('lets the provider bill a customer of which nothing is known', () => {
    expect(payersOf(undefined, 'UTC')).toEqual([{ from: '0001-01-01', billedBy: 'provider' }]);
  });

  it('counts what the creation says from the beginning and a move from its local day', () => {
    const state = foldCustomer('c1', undefined, [created, moved('2026-03-31T22:30:00Z', null, 'provider')]);
    expect(payersOf(state, 'Europe/Berlin')).toEqual([
      { from: '0001-01-01', resellerCode: 'r1', billedBy: 'reseller' },
      { from: '2026-04-01', billedBy: 'provider' },
    ]);
  });

  it('lets the last move of a day decide it and drops moves to the same payer', () => {
    const state = foldCustomer('c1', undefined, [
      created,
      moved('2026-03-02T08:00:00Z', 'r2', 'reseller'),
      moved('2026-03-02T09:00:00Z', 'r3', 'reseller'),
      moved('2026-03-05T09:00:00Z', 'r3', 'reseller'),
    ]);
    expect(payersOf(state, 'UTC').slice(1)).toEqual([{ from: '2026-03-02', resellerCode: 'r3', billedBy: 'reseller' }]);
  });
});
