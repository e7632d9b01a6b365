import { type PlainDate } from '@trueup/contracts';
import { Catalogue, type Period, type RowRules } from '@trueup/domain';
import { type ClosedPeriods, readClosedPeriods } from '../closing/closed-periods.js';
import { insertDefaultSettings } from '../settings/default-settings.js';
import { holdRules } from '../settings/rules-lock.js';
import { SELECT_ROWS, type StoredRow, toCatalogueRow } from '../settings/catalogue.js';
import { localDateOf, readTenantSettings, type TenantSettings } from '../settings/tenant-settings.js';
import type { SqlRunner } from '../sql-runner.js';
import type { CustomerKey } from './customer-locks.js';
import type { Slot } from './slot.js';
import { textArray } from './text-array.js';

/** What holds while one transaction projects: the instant, and each tenant's settings and closed periods as of its locks. */
export class ProjectionContext {
  private readonly periods = new Map<string, readonly Period[]>();

  constructor(
    readonly now: Date,
    private readonly settings: ReadonlyMap<string, TenantSettings>,
    private readonly closed: ClosedPeriods,
  ) {}

  of(tenantId: string): TenantSettings {
    const settings = this.settings.get(tenantId);
    if (settings === undefined) throw new RangeError(`no settings read for tenant ${tenantId}`);
    return settings;
  }

  todayOf(tenantId: string): PlainDate {
    return localDateOf(this.of(tenantId), this.now);
  }

  isClosed(customer: CustomerKey, periodId: PlainDate): boolean {
    return this.closed.has(customer, periodId);
  }

  /** Every period from the one that holds `liveFrom` to the one that holds today; none while that lies ahead. */
  livePeriodsOf(tenantId: string): readonly Period[] {
    const known = this.periods.get(tenantId) ?? this.countLivePeriods(tenantId);
    this.periods.set(tenantId, known);
    return known;
  }

  private countLivePeriods(tenantId: string): Period[] {
    const { calendar, current } = this.of(tenantId);
    return calendar.between(calendar.containing(current.liveFrom).start, this.todayOf(tenantId));
  }
}

/**
 * Reads what holds for locked customers. A tenant that events know and settings do not gets the defaults: its events count at once.
 */
export async function readContext(tx: SqlRunner, customers: readonly CustomerKey[], now: Date): Promise<ProjectionContext> {
  const wanted = [...new Set(customers.map(({ tenantId }) => tenantId))];
  await holdRules(tx, wanted);
  const known = await readTenantSettings(tx, wanted);
  const missing = wanted.filter((tenantId) => !known.has(tenantId));
  for (const tenantId of missing) await insertDefaultSettings(tx, tenantId, now);
  const added = missing.length === 0 ? [] : await readTenantSettings(tx, missing);
  return new ProjectionContext(now, new Map([...known, ...added]), await readClosedPeriods(tx, customers));
}

/** Settings of tenants, and the day up to which their catalogue rows are in force. */
export type RulesContext = Pick<ProjectionContext, 'of' | 'todayOf'>;

/** The row rules of each tenant, with the catalogue rows of the codes that the slots name. */
export async function readRowRules(
  tx: SqlRunner,
  slots: readonly Pick<Slot, 'tenantId' | 'code'>[],
  context: RulesContext,
): Promise<(tenantId: string) => RowRules> {
  const codes = [...new Map(slots.map((slot) => [`${slot.tenantId} ${slot.code}`, slot])).values()];
  const rows = await tx.query<StoredRow[]>(
    `${SELECT_ROWS} where (tenant_id, service_code) in (select u.t, u.c from unnest($1::text[], $2::text[]) as u(t, c))`,
    [textArray(codes.map((slot) => slot.tenantId)), textArray(codes.map((slot) => slot.code))],
  );
  const byTenant = Map.groupBy(rows, (row) => row.tenantId);
  const rules = new Map<string, RowRules>();
  return (tenantId) => {
    const known = rules.get(tenantId) ?? rulesOf(tenantId, byTenant.get(tenantId) ?? [], context);
    rules.set(tenantId, known);
    return known;
  };
}

function rulesOf(tenantId: string, rows: readonly StoredRow[], context: RulesContext): RowRules {
  const entries = rows.map((row) => ({ serviceCode: row.serviceCode, ...toCatalogueRow(row) }));
  const { timeZone } = context.of(tenantId).current;
  return { tenantId, catalogue: new Catalogue(entries), timeZone, today: context.todayOf(tenantId) };
}
