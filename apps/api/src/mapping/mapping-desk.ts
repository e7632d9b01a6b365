import { Inject, Injectable } from '@nestjs/common';
import { BillingQueries, BillingSettings } from '@trueup/billing';
import type { PlainDate } from '@trueup/contracts';
import type { MappingChange } from '@trueup/control';
import { zoneCalendar } from '@trueup/domain';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import type { Principal } from '../http/caller.js';
import { WriteLease } from '../connections/write-lease.js';
import { ProblemError, notFound } from '../http/problem-error.js';

/** What the mapping routes have in common. */
@Injectable()
export class MappingDesk {
  constructor(
    @Inject(API_PARTS) readonly parts: ApiParts,
    @Inject(BillingQueries) private readonly queries: BillingQueries,
    @Inject(WriteLease) private readonly lease: WriteLease,
  ) {}

  /** Rows took the place of others, or ended them: waits until nothing is written under those any more. */
  async replaced(
    tenantId: string,
    before: readonly { connectionId: string }[],
    isConcerned: (connectionId: string) => boolean,
  ): Promise<void> {
    const ids = before.map(({ connectionId }) => connectionId);
    await this.lease.endIfWriting(tenantId, ids.filter(isConcerned));
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

export function mappingsOf<T>(change: MappingChange<T>): T[] {
  if ('mappings' in change) return change.mappings;
  throw new ProblemError('validation-failed', 'Nothing was stored; correct the rows named in errors.', change.errors);
}

export function noMapping(): ProblemError {
  return notFound('There is no such mapping. GET /v1/mappings/unmapped lists what needs one.');
}
