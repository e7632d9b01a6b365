import { type CloudEvent, event, SERVICE } from '@trueup/testing/product';
import { describe, expect, it } from 'vitest';
import { plainTruth } from './plain-truth.js';
import { BACKUP, PLUS, PRODUCTS } from './products.js';

const at = (minute: number): string => `2026-11-21T08:${String(minute).padStart(2, '0')}:00Z`;
const seat = (kind: string, user: string, minute: number, more = {}): CloudEvent =>
  event(`user.service.${kind}`, 'C', at(minute), { userCode: user, serviceCode: SERVICE, ...more });
const backup = (kind: string, minute: number, more = {}): CloudEvent =>
  event(`customer.service.${kind}`, 'C', at(minute), { serviceCode: BACKUP, ...more });
const unitsAfter = (...events: CloudEvent[]): number[] => [
  ...(plainTruth(events, PRODUCTS, '2026-12-01T00:00:00Z').get('C')?.values() ?? []),
];

describe('the plain truth', () => {
  it('goes by when things happened, not by when they were told', () => {
    const told = [seat('removed', 'ann', 3), seat('assigned', 'bob', 2), seat('assigned', 'ann', 1)];
    expect(unitsAfter(...told)).toEqual([1, 0, 0]);
  });

  it('counts a seat in the sku of its plan', () => {
    const events = [
      seat('assigned', 'ann', 1),
      seat('assigned', 'bob', 2, { planCode: PLUS }),
      seat('plan-changed', 'ann', 3, { planCode: PLUS }),
    ];
    expect(unitsAfter(...events)).toEqual([0, 2, 0]);
  });

  it('keeps the plan of a seat that is told of again without one', () => {
    expect(unitsAfter(seat('assigned', 'ann', 1, { planCode: PLUS }), seat('assigned', 'ann', 2))).toEqual([0, 1, 0]);
  });

  it('counts the quantity of a service of the customer itself, and none after its removal', () => {
    const events = [backup('assigned', 1, { quantity: '4' }), backup('quantity-changed', 2, { quantity: '9' })];
    expect(unitsAfter(...events)).toEqual([0, 0, 9]);
    expect(unitsAfter(...events, backup('removed', 3))).toEqual([0, 0, 0]);
  });

  it('takes everything from a user who leaves', () => {
    const leaver = event('user.removed', 'C', at(3), { userCode: 'ann' });
    expect(unitsAfter(seat('assigned', 'ann', 1), seat('assigned', 'bob', 2), leaver)).toEqual([1, 0, 0]);
  });

  it('leaves out what happened at the cut or later', () => {
    const events = [seat('assigned', 'ann', 1), seat('assigned', 'bob', 2)];
    expect([...plainTruth(events, PRODUCTS, at(2)).get('C')!.values()]).toEqual([1, 0, 0]);
  });
});
