import type { ProvisioningEvent } from '@trueup/contracts';
import type { CatalogueEntry } from '../rows/catalogue.js';

// A second telling of the design, for comparison alone: it keeps no intervals, but replays every event up to an instant and looks at
// who holds what. It shares no code with the fold; quantities are counted in millionths.

/** What somebody holds at one instant. */
export interface Held {
  planCode: string;
  sku: string;
  term: string;
  billingPlan: string;
  siteCode: string;
  micros: bigint;
}

/** Everything held at an instant, by assignment. */
export type World = Map<string, Held>;

/** The end of what was held before an instant, by the events of that instant. */
export type Fate = 'removed' | 'other';

const REMOVALS = /(removed|unassigned|deprovisioned)\.v1$/;

export function millisOf(event: ProvisioningEvent): number {
  return Math.floor(Date.parse(event.time.replace(/(\.\d{3})\d+/, '$1')));
}

export function replayed(events: readonly ProvisioningEvent[], untilMs: number): World {
  const world: World = new Map();
  for (const event of sorted(events)) if (millisOf(event) <= untilMs) replay(world, event);
  return world;
}

/** For every assignment held just before `atMs`: how the events of that instant ended it, if they did. */
export function fatesAt(events: readonly ProvisioningEvent[], atMs: number): Map<string, Fate> {
  const world = replayed(events, atMs - 1);
  const before = new Set(world.keys());
  const fates = new Map<string, Fate>();
  for (const event of sorted(events).filter((one) => millisOf(one) === atMs)) {
    const had = [...world.keys()];
    replay(world, event);
    for (const key of had) {
      if (world.has(key) || !before.has(key) || fates.has(key)) continue;
      fates.set(key, REMOVALS.test(event.type) ? 'removed' : 'other');
    }
  }
  return fates;
}

/** sku, term, plan and site under which something is billed on a day; "" when it has no sku. */
export function lineOf(key: string, held: Held, date: string, today: string, rows: readonly CatalogueEntry[]): string {
  const code = (JSON.parse(key) as string[])[2]!;
  const day = date < today ? date : today;
  const valid = rows.filter((row) => row.serviceCode === code && row.validFrom <= day);
  const dated = valid.toSorted((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const row = dated.findLast((one) => one.planCode === held.planCode) ?? dated.findLast((one) => one.planCode === null);
  const sku = row ? row.sku : held.sku;
  if (sku === '' || (code.startsWith('@') && !row)) return '';
  return [sku, row?.term ?? held.term, row?.billingPlan ?? held.billingPlan, held.siteCode].join('|');
}

function replay(world: World, event: ProvisioningEvent): void {
  const data = event.data as Record<string, string | undefined>;
  const kind = event.type.split('.').slice(1, -2).join('.');
  const verb = event.type.split('.').at(-2)!;
  if (verb === 'deprovisioned') return world.clear();
  if (kind === 'user' && verb === 'removed') return endUser(world, data['userCode']!);
  if (['renamed', 'moved'].includes(verb)) return;
  const key = keyOf(kind, data);
  const held = world.get(key);
  if (verb === 'removed' || verb === 'unassigned') world.delete(key);
  else if (['assigned', 'created', 'added'].includes(verb)) put(world, key, stated(held, data), microsOf(data['quantity']));
  else if (held && verb === 'plan-changed') put(world, key, stated(held, data), undefined);
  else if (held && verb === 'quantity-changed') put(world, key, held, microsOf(data['quantity']));
}

function put(world: World, key: string, next: Held, micros: bigint | undefined): void {
  const amount = micros ?? next.micros;
  if (amount === 0n) world.delete(key);
  else world.set(key, { ...next, micros: amount });
}

function stated(held: Held | undefined, data: Record<string, string | undefined>): Held {
  const part = (name: 'planCode' | 'sku' | 'term' | 'billingPlan' | 'siteCode') => data[name] ?? held?.[name] ?? '';
  return {
    planCode: part('planCode'),
    sku: part('sku'),
    term: part('term'),
    billingPlan: part('billingPlan'),
    siteCode: part('siteCode'),
    micros: held?.micros ?? 1_000_000n,
  };
}

function endUser(world: World, userCode: string): void {
  for (const key of [...world.keys()]) if ((JSON.parse(key) as string[])[0] === userCode) world.delete(key);
}

function keyOf(kind: string, data: Record<string, string | undefined>): string {
  const pseudo: Record<string, string[]> = {
    user: [data['userCode'] ?? '', 'user', '@user', ''],
    customer: ['', 'customer', '@customer', ''],
    domain: ['', 'domain', '@domain', data['domain'] ?? ''],
  };
  const of = data['kind'] ?? 'service';
  const own = [data['userCode'] ?? '', of, data['resourceCode'] ?? data['serviceCode'] ?? '', data['instance'] ?? ''];
  return JSON.stringify(pseudo[kind] ?? own);
}

function microsOf(quantity: string | undefined): bigint | undefined {
  if (quantity === undefined) return undefined;
  const [whole, fraction = ''] = quantity.split('.');
  return BigInt(`${whole}${fraction.padEnd(6, '0')}`);
}

function sorted(events: readonly ProvisioningEvent[]): ProvisioningEvent[] {
  return events.toSorted(
    (a, b) =>
      Number(nanosOf(a) - nanosOf(b)) ||
      Buffer.compare(Buffer.from(a.source), Buffer.from(b.source)) ||
      Number(BigInt(a.sourceseq ?? '-1') - BigInt(b.sourceseq ?? '-1')) ||
      Number(REMOVALS.test(b.type)) - Number(REMOVALS.test(a.type)) ||
      Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)),
  );
}

function nanosOf(event: ProvisioningEvent): bigint {
  const fraction = /\.(\d+)/.exec(event.time)?.[1] ?? '';
  const seconds = BigInt(Math.floor(Date.parse(event.time.replace(/\.\d+/, '')) / 1000));
  return seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
}
