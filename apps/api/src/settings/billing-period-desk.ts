import { Inject, Injectable } from '@nestjs/common';
import { BillingSettings } from '@trueup/billing';
import type { SettingsChange, SqlRunner } from '@trueup/billing';
import type { BillingPeriodSettings } from '@trueup/contracts';
import { announceBillingPeriodChange, hasDelivered, listConnections, lockSettings } from '@trueup/control';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import type { Precondition } from '../http/precondition.js';
import { decide } from '../audit/decide.js';
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

  async show(tenantId: string, db: SqlRunner = this.parts.db): Promise<ShownSettings> {
    const current = await this.#current(tenantId, db);
    return this.#preview(await this.#changeTo(tenantId, current, db), db);
  }

  /** What a change would bring; refuses one that may not be saved. */
  async plan(tenantId: string, settings: BillingPeriodSettings): Promise<{ change: SettingsChange; shown: ShownSettings }> {
    const change = await this.#changeTo(tenantId, settings);
    await this.#refuseLiveFromInsidePeriod(change);
    return { change, shown: await this.#preview(change) };
  }

  /** Saves it and tells the projector and change-control, all in one transaction. */
  async save(change: SettingsChange, ifMatch: Precondition): Promise<void> {
    await decide(this.parts.db, async (tx) => {
      await lockSettings(tx, change.tenantId);
      await ifMatch.refuseChanged(() => this.show(change.tenantId, tx));
      await this.#settings.put(tx, change);
      await announceBillingPeriodChange(tx, change.tenantId);
    });
  }

  async #current(tenantId: string, db: SqlRunner = this.parts.db): Promise<Required<BillingPeriodSettings>> {
    const current = await new BillingSettings(db).get(tenantId);
    if (!current) throw notFound();
    return current;
  }

  async #changeTo(tenantId: string, settings: BillingPeriodSettings, db: SqlRunner = this.parts.db): Promise<SettingsChange> {
    return { tenantId, settings, isSettled: await hasDelivered(db, tenantId), savedAt: this.parts.now() };
  }

  async #preview(change: SettingsChange, db: SqlRunner = this.parts.db): Promise<ShownSettings> {
    const { closeDay, timeZone, graceHours } = change.settings;
    const periods = await new BillingSettings(db).preview(change, periodCount);
    if (!periods) throw notFound();
    const liveFrom = change.settings.liveFrom ?? (await this.#current(change.tenantId, db)).liveFrom;
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
