import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { lockSettings } from './settings-lock.js';

/** In the transaction of the tenant's new billing period settings: what may be written from when is decided again. */
export async function announceBillingPeriodChange(tx: EntityManager, tenantId: string): Promise<void> {
  await lockSettings(tx, tenantId);
  await appendCommand(tx, 'control', { tenantId, kind: 'billing-period-changed', payload: {} });
}
