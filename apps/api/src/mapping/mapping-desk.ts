import { Inject, Injectable } from '@nestjs/common';
import { BillingQueries, BillingSettings } from '@trueup/billing';
import type { PlainDate } from '@trueup/contracts';
import { lockSettings } from '@trueup/control';
import type { MappingChange } from '@trueup/control';
import { zoneCalendar } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { decide } from '../audit/decide.js';
import { WriteLease } from '../connections/write-lease.js';
import type { Principal } from '../http/caller.js';
import type { Precondition } from '../http/precondition.js';
import { ProblemError, notFound } from '../http/problem-error.js';

interface OfConnection {
  connectionId: string;
}

/** An edit of all dated rows of one customer or sku. */
export interface MappingEdit<Row> {
  tenantId: string;
  /** The rows as they are. */
  read(tx: EntityManager): Promise<Row[]>;
  ifMatch: Precondition;
  /** The only connection that the edit is about; absent: rows of every connection may be replaced or end. */
  connectionId?: string;
}

/** What the mapping routes have in common. */
@Injectable()
export class MappingDesk {
  constructor(
    @Inject(API_PARTS) readonly parts: ApiParts,
    @Inject(BillingQueries) private readonly queries: BillingQueries,
    @Inject(WriteLease) private readonly lease: WriteLease,
  ) {}

  /** Carries an edit out under the settings lock, unless the caller read something else; after it nothing is written under what it took away. */
  async edit<Row extends OfConnection, T>(edit: MappingEdit<Row>, work: (tx: EntityManager) => Promise<T>): Promise<T> {
    const { tenantId, ifMatch, connectionId } = edit;
    const { before, done } = await decide(this.parts.db, async (tx) => {
      await lockSettings(tx, tenantId);
      const rows = await edit.read(tx);
      await ifMatch.refuseChanged(async () => shownMappings(rows));
      return { before: rows, done: await work(tx) };
    });
    const ids = before.map((row) => row.connectionId).filter((id) => (connectionId ?? id) === id);
    await this.lease.endIfWriting(tenantId, ids);
    return done;
  }

  /** A customer may be mapped before its first event; but a narrower reach covers only customers that exist within it. */
  async refuseBeyondReach(caller: Principal, customerCode: string): Promise<void> {
    if (caller.reach === 'tenant') return;
    const { tenantId, reach } = caller;
    if (!(await this.queries.customer(tenantId, reach, customerCode))) throw noMapping();
  }

  /** The tenant's local day. */
  async today(tenantId: string): Promise<PlainDate> {
    const settings = await new BillingSettings(this.parts.db).get(tenantId);
    if (!settings) throw new Error(`Tenant ${tenantId} has no billing period settings`);
    return zoneCalendar(settings.timeZone).localDateOf(this.parts.now().getTime());
  }
}

/** Rows as the routes show them; null when there are none. */
export function shownMappings<Row>(data: Row[]): { data: Row[]; nextCursor: null } | null {
  return data.length === 0 ? null : { data, nextCursor: null };
}

export function mappingsOf<T>(change: MappingChange<T>): T[] {
  if ('mappings' in change) return change.mappings;
  throw new ProblemError('validation-failed', 'Nothing was stored; correct the rows named in errors.', change.errors);
}

export function noMapping(): ProblemError {
  return notFound('There is no such mapping. GET /v1/mappings/unmapped lists what needs one.');
}
