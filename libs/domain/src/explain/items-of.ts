import type { Item, ItemInterval } from '@trueup/contracts';
import { zoneCalendar } from '../calendar/zone-calendar.js';
import { type NameEntry, nameAt, nameNow } from '../fold/name-history.js';
import { utcMillisOf } from '../order/utc-time.js';
import type { HeldInterval, Holding } from '../rows/holding.js';
import { type SchedulePeriod, boundsOf } from '../schedule/schedule-period.js';
import type { NameBook } from './names.js';

/** A period as UTC texts, comparable with the instants of holdings. */
interface Span {
  id: string;
  from: string;
  until: string;
}

/**
 * The items of a period: one per row that is held in it or was ended in it, in the order of `holdings`. Intervals that do not touch the
 * period are left out, and an end that lies beyond it is not yet known to it. `action`: `removed` if not held at the period's end so
 * far, else `carried` if held before its start, else `added`. `quantity`: at the period's end so far, of a removed row the last held.
 * A name "then" is the one at the beginning of the row's last interval.
 */
export function itemsOf(
  holdings: readonly Holding[],
  period: Omit<SchedulePeriod, 'state'>,
  timeZone: string,
  names: NameBook,
): Item[] {
  const { fromMs, untilMs } = boundsOf(period, zoneCalendar(timeZone));
  const span = { id: period.id, from: utcMillisOf(fromMs), until: utcMillisOf(untilMs) };
  return holdings.flatMap((holding) => itemOf(holding, span, names) ?? []);
}

function itemOf(holding: Holding, span: Span, names: NameBook): Item | undefined {
  const intervals = holding.intervals.filter((held) => touches(held, span)).map((held) => asSeenIn(held, span));
  const last = intervals.at(-1);
  if (last === undefined) return undefined;
  const { identity } = holding;
  return {
    periodId: span.id,
    customerCode: identity.customerCode,
    ...customerNames(names.customer(identity.customerCode) ?? [], identity.customerCode, last.from),
    ...(identity.userCode !== '' && userPart(names, holding, last.from)),
    kind: identity.kind,
    serviceCode: identity.code,
    serviceName: last.serviceName,
    instance: identity.instance,
    ...present({ planCode: last.planCode, planName: last.planName, sku: holding.sku, term: holding.term }),
    ...present({ billingPlan: holding.billingPlan, siteCode: holding.siteCode }),
    quantity: last.steps.at(-1)!.quantity,
    action: actionOf(intervals, span),
    intervals: intervals.map(toItemInterval),
    billable: holding.billable,
    ...(holding.reason !== null && { reason: holding.reason }),
    ...(holding.lineKey !== null && { lineKey: holding.lineKey }),
  };
}

function touches(held: HeldInterval, span: Span): boolean {
  return held.from < span.until && (held.to === undefined || held.to >= span.from);
}

function asSeenIn(held: HeldInterval, span: Span): HeldInterval {
  const steps = held.steps.filter((step) => step.at < span.until);
  if (held.to === undefined || held.to < span.until) return { ...held, steps };
  const { to: _to, toEventId: _event, toActor: _actor, closed: _closed, ...open } = held;
  return { ...open, steps };
}

function actionOf(intervals: readonly HeldInterval[], span: Span): Item['action'] {
  if (intervals.at(-1)!.to !== undefined) return 'removed';
  return intervals[0]!.from < span.from ? 'carried' : 'added';
}

function toItemInterval(held: HeldInterval): ItemInterval {
  const { from, fromEventId, fromActor, to, toEventId, toActor } = held;
  const end = { ...(to !== undefined && { to }), ...(toEventId !== undefined && { toEventId }) };
  return { from, fromEventId, fromActor, ...end, ...(toActor !== undefined && { toActor }) };
}

function customerNames(history: readonly NameEntry[], customerCode: string, at: string) {
  return {
    customerName: nameNow(history)?.name ?? customerCode,
    customerNameThen: nameAt(history, at)?.name ?? customerCode,
  };
}

function userPart(names: NameBook, { identity }: Holding, at: string): Partial<Item> {
  const history = names.user(identity.customerCode, identity.userCode) ?? [];
  const userName = nameNow(history)?.name ?? '';
  const userNameThen = nameAt(history, at)?.name ?? '';
  return { userCode: identity.userCode, ...present({ userName, userNameThen }) };
}

function present<T extends Record<string, string>>(parts: T): Partial<T> {
  return Object.fromEntries(Object.entries(parts).filter(([, text]) => text !== '')) as Partial<T>;
}
