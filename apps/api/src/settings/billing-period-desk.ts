import { Inject, Injectable } from '@nestjs/common';
import { BillingSettings } from '@trueup/billing';
import type { SettingsChange } from '@trueup/billing';
import type { BillingPeriodSettings } from '@trueup/contracts';
import { announceBillingPeriodChange, hasDelivered, listConnections } from '@trueup/control';
import { inTransaction } from '@trueup/persistence';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { invalid, notFound } from '../http/problem-error.js';
import type { ShownSettings } from './billing-period-shapes.js';

const periodCount = 3;

/** Shows and changes when a tenant's periods close. */
@Injectable()
export class BillingPeriodDesk {
  readonly #settings: BillingSettings;

  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {
    this.#settings = new BillingSettings(parts.db);
  }

  async show(tenantId: string): Promise<ShownSettings> {
    const current = await this.#current(tenantId);
    return this.#preview(await this.#changeTo(tenantId, current));
  }

  /** What a change would bring; refuses one that may not be saved. */
  async plan(tenantId: string, settings: BillingPeriodSettings): Promise<{ change: SettingsChange; shown: ShownSettings }> {
    const change = await this.#changeTo(tenantId, settings);
    await this.#refuseLiveFromInsidePeriod(change);
    return { change, shown: await this.#preview(change) };
  }

  /** Saves it and tells the projector and change-control, all in one transaction. */
  async save(change: SettingsChange): Promise<void> {
    await inTransaction(this.parts.db, async (tx) => {
      await this.#settings.put(tx, change);
      await announceBillingPeriodChange(tx, change.tenantId);
    });
  }

  async #current(tenantId: string): Promise<Required<BillingPeriodSettings>> {
    const current = await this.#settings.get(tenantId);
    if (!current) throw notFound();
    return current;
  }

  async #changeTo(tenantId: string, settings: BillingPeriodSettings): Promise<SettingsChange> {
    return { tenantId, settings, isSettled: await hasDelivered(this.parts.db, tenantId), savedAt: this.parts.now() };
  }

  async #preview(change: SettingsChange): Promise<ShownSettings> {
    const { closeDay, timeZone, graceHours } = change.settings;
    const periods = await this.#settings.preview(change, periodCount);
    if (!periods) throw notFound();
    const liveFrom = change.settings.liveFrom ?? (await this.#current(change.tenantId)).liveFrom;
    return { closeDay, timeZone, graceHours, liveFrom, periods };
  }

  /** A connection that does not prorate writes whole periods; half of one cannot be live. */
  async #refuseLiveFromInsidePeriod(change: SettingsChange): Promise<void> {
    const choices = await this.#settings.liveFromChoices(change);
    if (!choices) return;
    const connections = await listConnections(this.parts.db, change.tenantId);
    if (connections.every((connection) => connection.settings.prorate)) return;
    const { earlier, later } = choices;
    throw invalid('/liveFrom', `A connection that does not prorate needs a period's first day here: ${earlier} or ${later}`);
  }
}
