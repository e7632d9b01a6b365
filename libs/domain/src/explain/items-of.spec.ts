import { describe, expect, it } from 'vitest';
import { explain, item } from '@trueup/contracts';
import { assignmentKeyOf } from '../fold/assignment-identity.js';
import { toEvent } from '../fold/events.arbitrary.js';
import { foldAssignment } from '../fold/fold-assignment.js';
import { Catalogue } from '../rows/catalogue.js';
import { holdingsOf } from '../rows/holdings-of.js';
import { causesOf } from './causes-of.js';
import { explainLine } from './explain-line.js';
import { itemsOf } from './items-of.js';

const FEBRUARY = { id: '2026-02-28', start: '2026-02-01', end: '2026-03-01' };
const MARCH = { id: '2026-03-31', start: '2026-03-01', end: '2026-04-01' };
const NAMES = {
  customer: () => [
    { at: '2026-01-01T00:00:00.000Z', name: 'Acme' },
    { at: '2026-03-20T00:00:00.000Z', name: 'Acme Group' },
  ],
  user: (_customerCode: string, userCode: string) =>
    userCode === 'u1'
      ? [
          { at: '2026-01-01T00:00:00.000Z', name: 'Ann Old' },
          { at: '2026-03-20T00:00:00.000Z', name: 'Ann New' },
        ]
      : undefined,
};

type Told = [verb: string, time: string, data?: object, userCode?: string];

function rowsOf(...told: Told[]) {
  const events = told.map(([verb, time, data, userCode = 'u1']) => {
    const name = verb === 'assigned' ? { serviceName: 'Mail' } : {};
    const type = `trueup.user.service.${verb}.v1`;
    const actor = { actorid: 'desk-1', onbehalfof: 'boss' };
    return toEvent({
      id: `${verb} ${time}`,
      source: '/a',
      type,
      time: `2026-${time}Z`,
      ...actor,
      data: { userCode, serviceCode: 'mail', ...name, ...data },
    });
  });
  const rules = { tenantId: 'ten_1', catalogue: new Catalogue([]), timeZone: 'UTC', today: '2026-12-31' };
  return holdingsOf(foldAssignment(assignmentKeyOf(events[0]!)!, undefined, events), rules);
}

const itemsIn = (period: typeof MARCH, ...told: Told[]) => itemsOf(rowsOf(...told), period, 'UTC', NAMES);
const action = (period: typeof MARCH, ...told: Told[]) => itemsIn(period, ...told).map((one) => one.action);

describe('itemsOf', () => {
  const assigned: Told = ['assigned', '02-10T12:00:00', { sku: 'S' }];
  const removed: Told = ['removed', '03-10T12:00:00'];

  it('calls a row added, then carried, then removed', () => {
    expect([action(FEBRUARY, assigned, removed), action(MARCH, assigned), action(MARCH, assigned, removed)]).toEqual([
      ['added'],
      ['carried'],
      ['removed'],
    ]);
  });

  it('shows a period only what had happened by its end', () => {
    expect(itemsIn(FEBRUARY, assigned, removed)[0]!.intervals).toEqual([
      {
        from: '2026-02-10T12:00:00.000Z',
        fromEventId: 'assigned 02-10T12:00:00',
        fromActor: { id: 'desk-1', onBehalfOf: 'boss' },
      },
    ]);
  });

  it('has no row in a period that the holding does not touch', () => {
    expect(itemsIn({ id: '2026-01-31', start: '2026-01-01', end: '2026-02-01' }, assigned)).toEqual([]);
  });

  it('calls what begins in the first instant of a period added, and what ends in it removed', () => {
    expect([
      action(MARCH, ['assigned', '03-01T00:00:00', { sku: 'S' }]),
      action(FEBRUARY, assigned, ['removed', '03-01T00:00:00']),
      action(MARCH, assigned, ['removed', '03-01T00:00:00']),
    ]).toEqual([['added'], ['added'], ['removed']]);
  });

  it('names customer and user now and as they were when the row began', () => {
    expect(itemsIn(MARCH, assigned)[0]).toMatchObject({
      customerName: 'Acme Group',
      customerNameThen: 'Acme',
      userName: 'Ann New',
      userNameThen: 'Ann Old',
    });
  });

  it('shows the code where a name was never told', () => {
    const items = itemsOf(rowsOf(['assigned', '03-10T12:00:00', {}, 'u2']), MARCH, 'UTC', {
      ...NAMES,
      customer: () => undefined,
    });
    expect([items[0]!.customerName, items[0]!.userCode, items[0]!.userName]).toEqual(['c1', 'u2', undefined]);
  });

  it('keeps a row without a sku, with the reason and without a line', () => {
    const [row] = itemsIn(MARCH, ['assigned', '03-10T12:00:00']);
    expect([row!.billable, row!.reason, row!.lineKey]).toEqual([false, 'no-sku', undefined]);
  });

  it('makes items that the contract accepts', () => {
    expect(itemsIn(MARCH, assigned, removed).map((one) => item.safeParse(one).success)).toEqual([true]);
  });
});

describe('explainLine', () => {
  const rows = [
    ...rowsOf(['assigned', '02-10T12:00:00', { sku: 'S', planCode: 'p1' }], ['removed', '03-05T12:00:00']),
    ...rowsOf(['assigned', '03-07T12:00:00', { sku: 'S' }, 'u2']),
    ...rowsOf(
      ['assigned', '02-11T12:00:00', { sku: 'S', planCode: 'p1' }, 'u3'],
      ['plan-changed', '03-09T12:00:00', { planCode: 'p2', planName: 'Two', sku: 'T' }, 'u3'],
    ).filter(({ sku }) => sku === 'S'),
  ];
  const explained = explainLine('ln_1', rows, MARCH, 'UTC', NAMES);

  it('leads from what was carried to the target', () => {
    expect([explained.quantity, explained.waterfall]).toEqual([
      '1',
      [
        { code: 'CARRIED', quantity: '2', count: 2 },
        { code: 'ADDED', quantity: '1', count: 1 },
        { code: 'REMOVED', quantity: '-1', count: 1 },
        { code: 'MOVED', quantity: '-1', count: 1 },
      ],
    ]);
  });

  it('names who, when, by whom and by which event, in the order of time', () => {
    expect(explained.people.map(({ userCode, delta, eventId }) => [userCode, delta, eventId])).toEqual([
      ['u1', '1', 'assigned 02-10T12:00:00'],
      ['u3', '1', 'assigned 02-11T12:00:00'],
      ['u1', '-1', 'removed 03-05T12:00:00'],
      ['u2', '1', 'assigned 03-07T12:00:00'],
      ['u3', '-1', 'plan-changed 03-09T12:00:00'],
    ]);
  });

  it('is what the contract accepts', () => {
    expect([explain.safeParse(explained).success, explained.people[0]!.actor, explained.people[0]!.onBehalfOf]).toEqual([
      true,
      { id: 'desk-1', onBehalfOf: 'boss' },
      'boss',
    ]);
  });

  it('explains a line of which nothing was ever held', () => {
    expect(explainLine('ln_2', [], MARCH, 'UTC', NAMES)).toEqual({
      lineKey: 'ln_2',
      periodId: '2026-03-31',
      quantity: '0',
      waterfall: [],
      people: [],
    });
  });
});

describe('causesOf', () => {
  const [held] = rowsOf(['assigned', '03-02T12:00:00', { sku: 'S' }]);

  it('names the event that made the difference', () => {
    const [ended] = rowsOf(['assigned', '03-02T12:00:00', { sku: 'S' }], ['removed', '03-09T12:00:00']);
    expect(causesOf(held, ended, 'Ann')).toEqual([
      {
        eventId: 'removed 03-09T12:00:00',
        type: 'REMOVED',
        delta: '-1',
        actor: { id: 'desk-1', onBehalfOf: 'boss' },
        occurredAt: '2026-03-09T12:00:00.000Z',
        userCode: 'u1',
        userName: 'Ann',
      },
    ]);
  });

  it('takes back what an earlier event tells otherwise', () => {
    const [earlier] = rowsOf(['assigned', '02-20T12:00:00', { sku: 'S' }]);
    expect(causesOf(held, earlier).map(({ occurredAt, delta, reason }) => [occurredAt.slice(5, 10), delta, reason])).toEqual([
      ['03-02', '-1', 'superseded'],
      ['02-20', '1', undefined],
    ]);
  });

  it('has nothing to say about a row that stays as it is', () => {
    expect(causesOf(held, held)).toEqual([]);
  });
});
