import type { PlainDate } from '@trueup/contracts';

/** What a decision needs to know of its tenant and moment. */
export interface TenantDay {
  tenantId: string;
  timeZone: string;
  /** The tenant's local day. */
  today: PlainDate;
  /** The first day for which anything may be written to a PSA. */
  liveFrom: PlainDate;
  /** The billing period that contains today, named by its last day. */
  periodId: PlainDate;
  /** The instant of the decision. */
  at: Date;
}

/** Knows every tenant's day. */
export interface TenantDays {
  /** Null for a tenant without settings: nothing can be decided for it. */
  of(tenantId: string): Promise<TenantDay | null>;
}

export const TENANT_DAYS = Symbol('TenantDays');
