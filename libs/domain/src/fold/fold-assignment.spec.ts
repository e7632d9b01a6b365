import { describe, expect, it } from 'vitest';
import type { EventType } from '@trueup/contracts';
import { inOrder } from '../order/compare-order.js';
import { assignmentKeyOf } from './assignment-identity.js';
import { toEvent } from './events.arbitrary.js';
import { foldAssignment } from './fold-assignment.js';

const IDENTITY = { customerCode: 'c1', userCode: '', kind: 'service', code: 'mail', instance: '' } as const;
type Told = [verb: string, day: string, data?: object, extra?: object];

/** Folds `verb` events of customer service "mail" on days of March 2026; ids are e-0, e-1, … in the order told. */
function folded(...told: Told[]) {
  const events = told.map(([verb, day, data, extra], index) => {
    const type: EventType = `trueup.customer.${verb}.v1` as EventType;
    const service = verb.startsWith('service.') ? { serviceCode: 'mail' } : {};
    const name = verb === 'service.assigned' ? { serviceName: 'Mail' } : {};
    return toEvent({
      id: `e-${index}`,
      source: '/a',
      type,
      time: `2026-03-${day}Z`,
      data: { ...service, ...name, ...data },
      ...extra,
    });
  });
  return foldAssignment(IDENTITY, undefined, inOrder(events));
}

const shape = (state: ReturnType<typeof folded>) =>
  state.segments.map(({ from, opened, steps, content, to, closed }) => [
    `${from.slice(8, 10)} ${opened}`,
    steps.map(({ at, quantity }) => `${at.slice(8, 10)}: ${quantity}`).join(', '),
    [content.planCode, content.sku, content.term].join('/'),
    to === undefined ? 'held' : `${to.slice(8, 10)} ${closed}`,
  ]);

const noon = (day: number) => `${String(day).padStart(2, '0')}T12:00:00`;

describe('foldAssignment', () => {
  it('holds from assignment to removal, with events and actors of both', () => {
    const state = folded(
      ['service.assigned', noon(2), {}, { actorid: 'a1', actorname: 'Ann', actorkind: 'person', onbehalfof: 'boss' }],
      ['service.removed', noon(9), {}, { actorid: 's1' }],
    );
    expect(state.segments[0]).toMatchObject({
      from: '2026-03-02T12:00:00.000Z',
      fromEventId: 'e-0',
      fromActor: { id: 'a1', name: 'Ann', kind: 'person', onBehalfOf: 'boss' },
      to: '2026-03-09T12:00:00.000Z',
      toEventId: 'e-1',
      toActor: { id: 's1' },
    });
  });

  it('counts one when no quantity is told', () => {
    expect(shape(folded(['service.assigned', noon(2)]))).toEqual([['02 assigned', '02: 1', '//', 'held']]);
  });

  it('keeps the segment when the quantity changes, and takes no step for the same one', () => {
    const state = folded(
      ['service.assigned', noon(2), { quantity: '2' }],
      ['service.quantity-changed', noon(3), { quantity: '2.50' }],
      ['service.quantity-changed', noon(4), { quantity: '2.5' }],
    );
    expect(shape(state)).toEqual([['02 assigned', '02: 2, 03: 2.5', '//', 'held']]);
  });

  it('ends a holding by quantity 0', () => {
    const state = folded(['service.assigned', noon(2)], ['service.quantity-changed', noon(3), { quantity: '0' }]);
    expect(shape(state)).toEqual([['02 assigned', '02: 1', '//', '03 emptied']]);
  });

  it('carries quantity and untold parts over a change of plan', () => {
    const state = folded(
      ['service.assigned', noon(2), { quantity: '3', planCode: 'p1', sku: 'S', term: 'P1M' }],
      ['service.plan-changed', noon(5), { planCode: 'p2', planName: 'Two', term: 'P1Y' }],
    );
    expect(shape(state)).toEqual([
      ['02 assigned', '02: 3', 'p1/S/P1M', '05 changed'],
      ['05 changed', '05: 3', 'p2/S/P1Y', 'held'],
    ]);
  });

  it('takes another assignment of a held identity as a change and flags it, the same again as nothing', () => {
    const state = folded(
      ['service.assigned', noon(2), { sku: 'S' }],
      ['service.assigned', noon(3)],
      ['service.assigned', noon(4), { sku: 'T', quantity: '2' }],
    );
    expect([shape(state), state.flags.reassigned]).toEqual([
      [
        ['02 assigned', '02: 1', '/S/', '04 changed'],
        ['04 changed', '04: 2', '/T/', 'held'],
      ],
      ['e-2'],
    ]);
  });

  it('flags a removal and changes of what is not held, without effect', () => {
    const state = folded(
      ['service.removed', noon(2)],
      ['service.quantity-changed', noon(3), { quantity: '5' }],
      ['service.plan-changed', noon(4), { planCode: 'p', planName: 'P' }],
    );
    expect([state.segments, state.flags]).toEqual([
      [],
      { reassigned: [], removedWithoutAssignment: ['e-0'], changedWithoutHolding: ['e-1', 'e-2'] },
    ]);
  });

  it('leaves no trace of a holding of no length', () => {
    const state = folded(['service.assigned', noon(2)], ['service.removed', noon(2), {}, { source: '/b' }]);
    expect([state.segments, state.flags.removedWithoutAssignment]).toEqual([[], []]);
  });

  it('forgets a quantity that was gone in the instant in which the holding ended', () => {
    const state = folded(
      ['service.assigned', noon(2), { quantity: '2' }],
      ['service.quantity-changed', noon(5), { quantity: '5' }],
      ['service.removed', noon(5), {}, { source: '/b' }],
    );
    expect(shape(state)).toEqual([['02 assigned', '02: 2', '//', '05 removed']]);
  });

  it('lets a removal in the instant of a plan change end what was held before', () => {
    const state = folded(
      ['service.assigned', noon(2), { planCode: 'p1' }],
      ['service.plan-changed', noon(5), { planCode: 'p2', planName: 'Two' }],
      ['service.removed', noon(5), {}, { source: '/b' }],
    );
    expect([shape(state), state.segments[0]!.toEventId]).toEqual([[['02 assigned', '02: 1', 'p1//', '05 removed']], 'e-2']);
  });

  it('begins anew after a removal, without the parts told before it', () => {
    const state = folded(
      ['service.assigned', noon(2), { sku: 'S' }],
      ['service.removed', noon(3)],
      ['service.assigned', noon(4)],
    );
    expect(shape(state)).toEqual([
      ['02 assigned', '02: 1', '/S/', '03 removed'],
      ['04 assigned', '04: 1', '//', 'held'],
    ]);
  });

  it('ends with its customer, and passes over a deprovisioning that ends nothing', () => {
    const state = folded(
      ['deprovisioned', noon(1)],
      ['service.assigned', noon(2)],
      ['deprovisioned', noon(3)],
      ['deprovisioned', noon(4)],
    );
    expect([shape(state), state.lastOrderKey.slice(0, 10)]).toEqual([
      [['02 assigned', '02: 1', '//', '03 removed']],
      '2026-03-03',
    ]);
  });

  it('passes over events of other assignments', () => {
    const other = toEvent({
      id: 'x',
      source: '/a',
      type: 'trueup.user.removed.v1',
      time: '2026-03-03T00:00:00Z',
      data: { userCode: 'u1' },
    });
    const held = folded(['service.assigned', noon(2)]);
    expect(foldAssignment(IDENTITY, held, [other])).toEqual(held);
  });
});

describe('assignmentKeyOf', () => {
  it('names users, customers and domains by pseudo services', () => {
    const event = (type: string, data: object) =>
      assignmentKeyOf(toEvent({ id: 'e', source: '/a', time: '2026-03-03T00:00:00Z', type, data }));
    expect([
      event('trueup.user.removed.v1', { userCode: 'u1' }),
      event('trueup.customer.deprovisioned.v1', {}),
      event('trueup.domain.added.v1', { domain: 'acme.test' }),
      event('trueup.customer.renamed.v1', { name: 'Acme' }),
    ]).toEqual([
      { customerCode: 'c1', userCode: 'u1', kind: 'user', code: '@user', instance: '' },
      { customerCode: 'c1', userCode: '', kind: 'customer', code: '@customer', instance: '' },
      { customerCode: 'c1', userCode: '', kind: 'domain', code: '@domain', instance: 'acme.test' },
      undefined,
    ]);
  });
});
