import type { BillingPeriod, Explain, Item, Reach } from '@trueup/contracts';
import type { DataSource } from 'typeorm';
import { type AssignmentQuestion, findAssignments } from './assignment-query.js';
import type { HeldAssignment } from './held-assignment.js';
import { type Customer, findCustomer, findCustomers } from './customer-query.js';
import { findFrozenItems } from './frozen-items.js';
import { findItems, type ItemFilters } from './item-query.js';
import { type BillingLine, findExplanation, findLine, findLines, findSummary, type SummaryRow } from './line-query.js';
import type { LineFilters, LineQuery } from './line-question.js';
import { findLineUsers, type LineDay, type LineUsers } from './line-users.js';
import type { TimelineEntry, TimelineFilters } from './timeline-entry.js';
import { findTimeline } from './timeline-query.js';
import { findOperation, listOperations, type Operation } from '../operations/operation.js';
import { listSnapshots, type Snapshot } from '../closing/read-snapshot.js';
import { findWithoutSku, type WithoutSku } from './without-sku.js';
import type { Page, PageRequest } from './page.js';
import { findPeriod, type PeriodReference, recentPeriods, toBillingPeriod } from './period-reference.js';

/**
 * The billing truth as people read it. What belongs to another tenant, lies outside the reach or does not exist gives the same null.
 * Lists throw MalformedCursor for a cursor that they did not give out. Periods themselves belong to nobody's customer and take no reach.
 */
export class BillingQueries {
  /** `now` tells which period is the current one. */
  constructor(
    private readonly database: DataSource,
    private readonly now: () => Date,
  ) {}

  /** The current period and those before it, newest first, at most `count`. */
  async periods(tenantId: string, count: number): Promise<BillingPeriod[]> {
    return (await recentPeriods(this.database, tenantId, count, this.now())).map(toBillingPeriod);
  }

  async period(tenantId: string, reference: PeriodReference): Promise<BillingPeriod | null> {
    const period = await findPeriod(this.database, tenantId, reference, this.now());
    return period === null ? null : toBillingPeriod(period);
  }

  /** Items of a closed period are those that were frozen. */
  async items(
    tenantId: string,
    reach: Reach,
    period: PeriodReference,
    filters: ItemFilters,
    page: PageRequest,
  ): Promise<Page<Item> | null> {
    const found = await findPeriod(this.database, tenantId, period, this.now());
    if (found === null) return null;
    const find = found.state === 'closed' ? findFrozenItems : findItems;
    return find(this.database, { tenantId, reach, period: found, filters }, page);
  }

  /** Per customer and sku: units before the period, difference, units now. A page may hold fewer rows than asked for. */
  summary(
    tenantId: string,
    reach: Reach,
    period: PeriodReference,
    filters: LineFilters,
    page: PageRequest,
  ): Promise<Page<SummaryRow> | null> {
    return this.inPeriod(tenantId, reach, period, filters, (query) => findSummary(this.database, query, page));
  }

  customers(tenantId: string, reach: Reach, page: PageRequest): Promise<Page<Customer>> {
    return findCustomers(this.database, tenantId, reach, page);
  }

  customer(tenantId: string, reach: Reach, customerCode: string): Promise<Customer | null> {
    return findCustomer(this.database, tenantId, reach, customerCode);
  }

  /** Lines without deliveries, which the control store knows. */
  lines(
    tenantId: string,
    reach: Reach,
    period: PeriodReference,
    filters: LineFilters,
    page: PageRequest,
  ): Promise<Page<BillingLine> | null> {
    return this.inPeriod(tenantId, reach, period, filters, (query) => findLines(this.database, query, page));
  }

  line(tenantId: string, reach: Reach, lineKey: string, period: PeriodReference = 'current'): Promise<BillingLine | null> {
    return this.inPeriod(tenantId, reach, period, {}, (query) => findLine(this.database, query, lineKey));
  }

  explain(tenantId: string, reach: Reach, lineKey: string, period: PeriodReference): Promise<Explain | null> {
    return this.inPeriod(tenantId, reach, period, {}, (query) => findExplanation(this.database, query, lineKey));
  }

  /** Which users made up a line's quantity on a day; null also when the day lies in no period of the tenant. */
  lineUsers(tenantId: string, reach: Reach, day: LineDay, page: PageRequest): Promise<LineUsers | null> {
    return this.inPeriod(tenantId, reach, day.on ?? 'current', {}, (query) =>
      findLineUsers(this.database, query, day, page, this.now()),
    );
  }

  /** Who changed what of a customer, and what it did to its lines; null when there is no such customer. */
  timeline(
    tenantId: string,
    reach: Reach,
    customerCode: string,
    filters: TimelineFilters,
    page: PageRequest,
  ): Promise<Page<TimelineEntry> | null> {
    return findTimeline(this.database, { tenantId, reach, customerCode }, filters, page);
  }

  /** The snapshots of a closed period, the frozen first one first; none of one that is not closed. */
  async snapshots(tenantId: string, period: PeriodReference): Promise<Snapshot[] | null> {
    const found = await findPeriod(this.database, tenantId, period, this.now());
    return found === null ? null : listSnapshots(this.database, tenantId, found.id);
  }

  /** What is held now and has no sku: it is billed nowhere. Asked once per run. */
  itemsWithoutSku(tenantId: string, reach: Reach): Promise<WithoutSku[]> {
    return findWithoutSku(this.database, tenantId, reach);
  }

  /** What was held on a day, as known on a day; null for an unknown tenant. A question about a day to come is answered by what is held now. */
  assignments(
    tenantId: string,
    reach: Reach,
    question: AssignmentQuestion,
    page: PageRequest,
  ): Promise<Page<HeldAssignment> | null> {
    return findAssignments(this.database, { tenantId, reach }, question, page, this.now());
  }

  /** How far a piece of work is; null when the tenant has none of this id. */
  operation(tenantId: string, operationId: string): Promise<Operation | null> {
    return findOperation(this.database, tenantId, operationId, this.now());
  }

  /** What people asked for, newest first. */
  operations(tenantId: string, page: PageRequest): Promise<Page<Operation>> {
    return listOperations(this.database, tenantId, page, this.now());
  }

  private async inPeriod<T>(
    tenantId: string,
    reach: Reach,
    reference: PeriodReference,
    filters: LineFilters,
    find: (query: LineQuery) => Promise<T | null>,
  ): Promise<T | null> {
    const period = await findPeriod(this.database, tenantId, reference, this.now());
    return period === null ? null : find({ tenantId, reach, period, filters });
  }
}
