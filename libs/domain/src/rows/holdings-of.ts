import type { PlainDate } from '@trueup/contracts';
import { zoneCalendar } from '../calendar/zone-calendar.js';
import type { AssignmentIdentity } from '../fold/assignment-identity.js';
import type { AssignedContent, AssignmentState } from '../fold/assignment-state.js';
import type { Catalogue, CatalogueEntry } from './catalogue.js';
import type { HeldInterval, Holding } from './holding.js';
import { rememberedLineKey } from './remembered-line-key.js';
import { piecesOf } from './segment-pieces.js';

/** What decides the rows of an assignment besides its state. `today`: local day up to which catalogue rows are in force. */
export interface RowRules {
  tenantId: string;
  catalogue: Catalogue;
  timeZone: string;
  today: PlainDate;
}

const PSEUDO_KINDS: ReadonlySet<string> = new Set(['user', 'customer', 'domain']);

interface Terms {
  sku: string;
  term: string;
  billingPlan: string;
  siteCode: string;
}

/**
 * The rows of an assignment, by the order in which they first appear: one per line, or per plan without a sku. The catalogue's sku, term
 * and billing plan win over the event's. Being a user, customer or domain makes a row only where the catalogue prices it.
 */
export function holdingsOf(state: AssignmentState, rules: RowRules): Holding[] {
  const rows = new Map<string, Holding>();
  const zone = zoneCalendar(rules.timeZone);
  for (const segment of state.segments) {
    const days = rules.catalogue.boundaries(state.identity.code, segment.content.planCode, rules.today);
    for (const { date, interval } of piecesOf(segment, days, zone)) {
      const priced = rules.catalogue.rowOn(state.identity.code, segment.content.planCode, earlierOf(date, rules.today));
      if (priced === undefined && PSEUDO_KINDS.has(state.identity.kind)) continue;
      addTo(rows, state.identity, termsOf(segment.content, priced), interval, rules.tenantId);
    }
  }
  return [...rows.values()];
}

function termsOf(content: AssignedContent, priced: CatalogueEntry | undefined): Terms {
  return {
    sku: priced?.sku ?? content.sku,
    term: priced?.term ?? content.term,
    billingPlan: priced?.billingPlan ?? content.billingPlan,
    siteCode: content.siteCode,
  };
}

function addTo(
  rows: Map<string, Holding>,
  identity: AssignmentIdentity,
  terms: Terms,
  interval: HeldInterval,
  tenantId: string,
): void {
  const rowKey = rowKeyOf(terms, interval.planCode);
  const known = rows.get(rowKey) ?? emptyRow(identity, rowKey, terms, tenantId);
  const { serviceName, planCode, planName } = interval;
  const intervals = joined(known.intervals, interval);
  const span = { firstFrom: intervals[0]!.from, lastTo: interval.to ?? null };
  rows.set(rowKey, { ...known, ...terms, ...span, serviceName, planCode, planName, intervals });
}

function rowKeyOf({ sku, term, billingPlan, siteCode }: Terms, planCode: string): string {
  return JSON.stringify(sku === '' ? ['', planCode] : [sku, term, billingPlan, siteCode]);
}

function emptyRow(identity: AssignmentIdentity, rowKey: string, terms: Terms, tenantId: string): Holding {
  const isBillable = terms.sku !== '';
  const lineKey = isBillable ? rememberedLineKey({ tenantId, customerCode: identity.customerCode, ...terms }) : null;
  return {
    identity,
    rowKey,
    ...terms,
    serviceName: '',
    planCode: '',
    planName: '',
    lineKey,
    billable: isBillable,
    reason: isBillable ? null : 'no-sku',
    firstFrom: '',
    lastTo: null,
    intervals: [],
  };
}

// A catalogue boundary that leaves the row as it is cuts nothing.
function joined(intervals: readonly HeldInterval[], next: HeldInterval): HeldInterval[] {
  const last = intervals.at(-1);
  if (next.opened !== 'catalogue' || last?.to !== next.from || last.closed !== 'catalogue') return [...intervals, next];
  const { to: _to, closed: _closed, ...open } = last;
  const { to, toEventId, toActor, closed } = next;
  const end = to === undefined ? {} : { to, toEventId, toActor, closed };
  return [...intervals.slice(0, -1), { ...open, ...end, steps: [...last.steps, ...next.steps.slice(1)] }];
}

function earlierOf(a: PlainDate, b: PlainDate): PlainDate {
  return a < b ? a : b;
}
