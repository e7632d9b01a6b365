import type { LineTarget, ProvisioningEvent } from '@trueup/contracts';
import { inTransaction, openDatabase } from '@trueup/persistence';
import { startedPostgres } from '@trueup/testing';
import type { DataSource } from 'typeorm';
import { billingSchema } from '../billing-schema.js';
import { type Projected, projectEvents } from './project-events.js';
import { toEventRow } from './event-row.js';
import type { RecordOrigin } from './quarantine.js';

export const NOW = new Date('2026-03-20T12:00:00Z');

/** A fresh database with the billing schema. */
export async function startedBilling(): Promise<DataSource> {
  const { url } = await startedPostgres();
  return openDatabase({ url, applicationName: 'billing-specs', schemas: [billingSchema] });
}

/** An event with what a spec does not care about filled in. */
export function eventOf(
  id: string,
  time: string,
  customer: string,
  type: string,
  data: object,
  more: object = {},
): ProvisioningEvent {
  const event = { specversion: '1.0', id, source: 'urn:spec', time, subject: customer, type: `trueup.${type}.v1`, data, ...more };
  return event as unknown as ProvisioningEvent;
}

/** A seat of a user: service `s` with sku `SKU-s` unless told otherwise. */
export const assigned = (id: string, time: string, customer: string, userCode: string, more: object = {}): ProvisioningEvent =>
  eventOf(id, time, customer, 'user.service.assigned', {
    userCode,
    serviceCode: 's',
    serviceName: 'Service',
    sku: 'SKU-s',
    ...more,
  });

export const unassigned = (id: string, time: string, customer: string, userCode: string): ProvisioningEvent =>
  eventOf(id, time, customer, 'user.service.removed', { userCode, serviceCode: 's' });

let offset = 0n;
export function originOf(): RecordOrigin {
  return { topic: 'provisioning.events.v1', partition: 0, offset: offset++, key: null, headers: {}, value: Buffer.from('{}') };
}

/** Projects events of one tenant in one transaction. */
export function project(
  database: DataSource,
  tenantId: string,
  events: readonly ProvisioningEvent[],
  now: Date = NOW,
): Promise<Projected> {
  const rows = events.map((event) => toEventRow({ tenantId, event, recordedAt: NOW.toISOString() }, originOf()));
  return inTransaction(database, (tx) => projectEvents(tx, rows, now));
}

/** Targets that a tenant's lines were sent, oldest first, and what is left of the outbox. */
export async function sentTargets(database: DataSource, tenantId: string): Promise<LineTarget[]> {
  const rows = await database.query<{ value: string }[]>('select value from billing.outbox where key like $1 order by id', [
    `${tenantId}/%`,
  ]);
  return rows.map(({ value }) => JSON.parse(value) as LineTarget);
}
