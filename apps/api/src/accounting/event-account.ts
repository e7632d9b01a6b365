import type { CountedIdentity, EventBalance, FoundDifference, OpenDifference } from '@trueup/billing';
import { isUnexplained, type TimeScale } from './time-scale.js';

/** Counts of events on both ends. `accepted + unacknowledged = applied + duplicate + quarantined + inFlight + unexplained`. */
export interface EventCounts {
  accepted: number;
  /** In the log, but no sender was told so: answered with 503, or counted by a process that died too early. */
  unacknowledged: number;
  applied: number;
  duplicate: number;
  quarantined: number;
  inFlight: number;
  unexplained: number;
}

/** What does not agree, and since when the oldest of it. */
export interface Unexplained {
  count: number;
  since: Date | null;
}

export interface EventAccount {
  total: EventCounts;
  /** By hour, or by day long ago; oldest first. */
  hours: (EventCounts & { from: Date; to: Date })[];
  events: Unexplained;
  /** Counters that the stored rows themselves do not bear out. */
  stored: Unexplained;
}

const NONE: EventCounts = {
  accepted: 0,
  unacknowledged: 0,
  applied: 0,
  duplicate: 0,
  quarantined: 0,
  inFlight: 0,
  unexplained: 0,
};

const accountedOf = ({ applied, duplicates, quarantined }: EventBalance): number => applied + duplicates + quarantined;

/** Accepted events of which nothing has become anything yet, by tenant and hour. */
export function missingEvents(balances: readonly EventBalance[]): FoundDifference[] {
  return balances.flatMap((balance) => {
    const { tenantId, hour, accepted } = balance;
    const reached = accountedOf(balance);
    return accepted > reached ? [{ tenantId, hour, size: accepted - reached, reached, upto: accepted }] : [];
  });
}

/** Counters that a recount of the rows does not bear out, for the hours that were recounted. */
export function miscounts(
  counted: readonly { tenantId: string; hour: Date; count: number }[],
  recounted: readonly { tenantId: string; hour: Date; stored: number }[],
): FoundDifference[] {
  const keyOf = (one: { tenantId: string; hour: Date }): string => `${one.hour.getTime()}/${one.tenantId}`;
  const stored = new Map(recounted.map((one) => [keyOf(one), one]));
  const known = new Set(counted.map(keyOf));
  const sizes = [
    ...counted.map(({ count, ...slot }) => ({ ...slot, size: Math.abs(count - (stored.get(keyOf(slot))?.stored ?? 0)) })),
    ...recounted.filter((one) => !known.has(keyOf(one))).map(({ stored: size, ...slot }) => ({ ...slot, size })),
  ];
  return sizes.filter(({ size }) => size > 0).map((one) => ({ ...one, reached: 0, upto: 0 }));
}

/** One tenant's events: what is missing for too long is unexplained, the rest is in flight. */
export function eventAccountOf(
  balances: readonly EventBalance[],
  open: readonly OpenDifference[],
  { now, slotOf, endOf }: TimeScale,
): EventAccount {
  const sinceOf = new Map(
    open.filter(({ identity }) => identity === 'events').map((one) => [slotOf(one.hour).getTime(), one] as const),
  );
  const slots = balances.map((balance) => {
    const missing = balance.accepted - accountedOf(balance);
    const watched = sinceOf.get(balance.hour.getTime());
    const since = watched && accountedOf(balance) < watched.upto ? watched.since : now;
    const isLost = missing > 0 && isUnexplained(since, now);
    return {
      since: isLost ? since : null,
      counts: { ...countsOf(balance, missing, isLost), from: balance.hour, to: endOf(balance.hour) },
    };
  });
  const counts = slots.map((slot) => slot.counts);
  const total = counts.reduce<EventCounts>(plus, NONE);
  const oldest = slots.flatMap(({ since }) => since ?? []).sort((a, b) => a.getTime() - b.getTime())[0];
  return { total, hours: counts, events: { count: total.unexplained, since: oldest ?? null }, stored: miscountOf(open, now) };
}

function countsOf({ accepted, applied, duplicates, quarantined }: EventBalance, missing: number, isLost: boolean): EventCounts {
  const [inFlight, unexplained] = isLost ? [0, missing] : [Math.max(0, missing), 0];
  return { accepted, unacknowledged: Math.max(0, -missing), applied, duplicate: duplicates, quarantined, inFlight, unexplained };
}

function plus(sum: EventCounts, one: EventCounts): EventCounts {
  const names = Object.keys(NONE) as (keyof EventCounts)[];
  return Object.fromEntries(names.map((name) => [name, sum[name] + one[name]])) as unknown as EventCounts;
}

const MISCOUNTS: ReadonlySet<CountedIdentity> = new Set(['stored', 'quarantined']);

function miscountOf(open: readonly OpenDifference[], now: Date): Unexplained {
  const old = open.filter(({ identity, since }) => MISCOUNTS.has(identity) && isUnexplained(since, now));
  const oldest = old.map(({ since }) => since).sort((a, b) => a.getTime() - b.getTime())[0];
  return { count: old.reduce((sum, { size }) => sum + size, 0), since: oldest ?? null };
}
