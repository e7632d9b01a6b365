import { describe, expect, it } from 'vitest';
import { toEvent } from '../fold/events.arbitrary.js';
import { assignmentKeyOf } from '../fold/assignment-identity.js';
import { foldAssignment } from '../fold/fold-assignment.js';
import { Catalogue, type CatalogueEntry } from './catalogue.js';
import { holdingsOf } from './holdings-of.js';

const row = (parts: Partial<CatalogueEntry>): CatalogueEntry => ({
  serviceCode: 'mail',
  planCode: null,
  sku: 'CAT',
  validFrom: '2020-01-01',
  ...parts,
});
const event = (verb: string, time: string, data: object = {}) => {
  const name = verb === 'service.assigned' ? { serviceName: 'Mail' } : {};
  const subject = { userCode: 'u1', serviceCode: 'mail' };
  return toEvent({
    id: `${verb} ${time.slice(5, 10)}`,
    source: '/a',
    type: `trueup.user.${verb}.v1`,
    time,
    data: { ...subject, ...name, ...data },
  });
};

function rowsOf(events: ReturnType<typeof event>[], entries: CatalogueEntry[], timeZone = 'UTC', today = '2026-12-31') {
  const state = foldAssignment(assignmentKeyOf(events[0]!)!, undefined, events);
  return holdingsOf(state, { tenantId: 'ten_1', catalogue: new Catalogue(entries), timeZone, today });
}

const shape = (rows: ReturnType<typeof rowsOf>) =>
  rows.map(({ sku, term, planCode, reason, intervals }) => [
    [sku, term, planCode, reason ?? 'billable'].join('/'),
    ...intervals.map(
      ({ from, opened, to, closed }) =>
        `${from.slice(0, 16)} ${opened} - ${to === undefined ? 'held' : `${to.slice(0, 16)} ${closed}`}`,
    ),
  ]);

describe('holdingsOf', () => {
  it("takes the sku of the event where the catalogue has none, and the catalogue's parts over the event's", () => {
    const events = [event('service.assigned', '2026-03-02T12:00:00Z', { sku: 'EV', term: 'P1M' })];
    expect([shape(rowsOf(events, []))[0]![0], shape(rowsOf(events, [row({ term: 'P1Y' })]))[0]![0]]).toEqual([
      'EV/P1M//billable',
      'CAT/P1Y//billable',
    ]);
  });

  it('prefers a row of the plan to a newer one of the service', () => {
    const entries = [row({ planCode: 'p1', sku: 'PLAN' }), row({ sku: 'NEWER', validFrom: '2025-01-01' })];
    const sku = (planCode: string) => rowsOf([event('service.assigned', '2026-03-02T12:00:00Z', { planCode })], entries)[0]!.sku;
    expect([sku('p1'), sku('p2')]).toEqual(['PLAN', 'NEWER']);
  });

  it('makes a row per plan, without a line, where there is no sku', () => {
    const rows = rowsOf(
      [
        event('service.assigned', '2026-03-02T12:00:00Z', { planCode: 'p1' }),
        event('service.plan-changed', '2026-03-05T12:00:00Z', { planCode: 'p2', planName: 'Two' }),
      ],
      [],
    );
    expect([shape(rows), rows.map(({ lineKey }) => lineKey)]).toEqual([
      [
        ['//p1/no-sku', '2026-03-02T12:00 assigned - 2026-03-05T12:00 changed'],
        ['//p2/no-sku', '2026-03-05T12:00 changed - held'],
      ],
      [null, null],
    ]);
  });

  it('gives removal and re-assignment two intervals of one row', () => {
    const events = [
      event('service.assigned', '2026-03-02T12:00:00Z', { sku: 'S' }),
      event('service.removed', '2026-03-05T12:00:00Z'),
      event('service.assigned', '2026-03-09T12:00:00Z', { sku: 'S' }),
    ];
    const rows = rowsOf(events, []);
    expect([shape(rows), rows[0]!.firstFrom.slice(0, 10), rows[0]!.lastTo]).toEqual([
      [['S///billable', '2026-03-02T12:00 assigned - 2026-03-05T12:00 removed', '2026-03-09T12:00 assigned - held']],
      '2026-03-02',
      null,
    ]);
  });

  it('splits a holding at local midnight of the day on which the catalogue gives it another sku', () => {
    const entries = [
      row({ sku: 'OLD' }),
      row({ sku: 'NEW', validFrom: '2026-03-29' }),
      row({ sku: 'NEW', validFrom: '2026-04-10' }),
    ];
    const rows = rowsOf([event('service.assigned', '2026-03-02T12:00:00Z')], entries, 'Europe/Berlin');
    expect(shape(rows)).toEqual([
      ['OLD///billable', '2026-03-02T12:00 assigned - 2026-03-28T23:00 catalogue'],
      ['NEW///billable', '2026-03-28T23:00 catalogue - held'],
    ]);
  });

  it('leaves rows of the catalogue alone until their day has come', () => {
    const entries = [row({ sku: 'OLD' }), row({ sku: 'NEW', validFrom: '2026-04-01' })];
    const skus = (today: string) =>
      rowsOf([event('service.assigned', '2026-03-02T12:00:00Z')], entries, 'UTC', today).map(({ sku }) => sku);
    expect([skus('2026-03-31'), skus('2026-04-01')]).toEqual([['OLD'], ['OLD', 'NEW']]);
  });

  it('makes a row of being a user only from the day on which the catalogue prices it', () => {
    const created = toEvent({
      id: 'e',
      source: '/a',
      type: 'trueup.user.created.v1',
      time: '2026-03-02T12:00:00Z',
      data: { userCode: 'u1', name: 'Ann' },
    });
    expect([
      shape(rowsOf([created], [])),
      shape(rowsOf([created], [row({ serviceCode: '@user', validFrom: '2026-04-01' })])),
    ]).toEqual([[], [['CAT///billable', '2026-04-01T00:00 catalogue - held']]]);
  });

  it('gives resources and applications the sku of their code like services', () => {
    const data = { userCode: 'u1', resourceCode: 'mail', resourceName: 'Mailbox', kind: 'application' };
    const assigned = toEvent({
      id: 'e',
      source: '/a',
      type: 'trueup.user.resource.assigned.v1',
      time: '2026-03-02T12:00:00Z',
      data,
    });
    expect(rowsOf([assigned], [row({})])[0]).toMatchObject({
      sku: 'CAT',
      serviceName: 'Mailbox',
      identity: { kind: 'application' },
    });
  });
});
