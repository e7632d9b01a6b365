import { type CloudEvent, oneOf, seededRandom, SERVICE, wholeBelow } from '@trueup/testing/product';
import { BACKUP, PLUS, STANDARD } from './products.js';

const USERS = ['ada', 'ben', 'cleo', 'dan', 'eve', 'finn', 'gus', 'hal'];

const LONGEST_AGO_MS = 2 * 86_400_000;

/** What a tenant's events say besides what happened. */
export interface EventMark {
  /** Begins every id; equal in both tenants, so that an identity taken across tenants shows. */
  prefix: string;
  /** Name of the acting person: different in each tenant, so that what crosses over can be recognised. */
  actor: string;
}

/** A seeded stream of plausible events: each changes something that the ones before it left, as people in a service desk do. */
export class EventMaker {
  readonly #random: () => number;
  readonly #seats = new Map<string, string>();
  /** Per customer: what it has, and the most that it has had since. */
  readonly #backups = new Map<string, { quantity: number; peak: number }>();
  #count = 0;
  #lastMs: number;

  constructor(
    seed: number,
    private readonly customers: readonly string[],
    private readonly mark: EventMark,
    private readonly firstMs: number,
  ) {
    this.#random = seededRandom(seed, mark.actor);
    this.#lastMs = firstMs;
  }

  /** The next `count` events; all happened after those before them and not later than `now`. */
  next(count: number, now: Date): CloudEvent[] {
    return Array.from({ length: count }, () => this.#one(now.getTime()));
  }

  #one(nowMs: number): CloudEvent {
    const customer = oneOf(this.#random, this.customers);
    const dice = this.#random();
    if (dice < 0.45) return this.#assign(customer, nowMs);
    if (dice < 0.65) return this.#remove(customer, nowMs);
    if (dice < 0.75) return this.#changePlan(customer, nowMs);
    if (dice < 0.92) return this.#backup(customer, nowMs);
    if (dice < 0.95) return this.#leaver(customer, nowMs);
    return this.#aside(customer, nowMs);
  }

  /** Somebody without a seat gets one; where everybody has one, somebody is told of again, which changes nothing. */
  #assign(customer: string, nowMs: number): CloudEvent {
    const free = USERS.filter((user) => !this.#seats.has(`${customer} ${user}`));
    const user = oneOf(this.#random, free.length > 0 ? free : USERS);
    const plan = this.#seats.get(`${customer} ${user}`) ?? oneOf(this.#random, ['', '', PLUS]);
    this.#seats.set(`${customer} ${user}`, plan);
    const named = plan === '' ? {} : { planCode: plan, planName: `Plan ${plan}` };
    const data = { userCode: user, serviceCode: SERVICE, serviceName: `Service ${SERVICE}`, ...named };
    return this.#event('user.service.assigned', customer, data, nowMs);
  }

  #remove(customer: string, nowMs: number): CloudEvent {
    const user = this.#seated(customer);
    if (user === undefined) return this.#assign(customer, nowMs);
    this.#seats.delete(`${customer} ${user}`);
    return this.#event('user.service.removed', customer, { userCode: user, serviceCode: SERVICE }, nowMs);
  }

  #changePlan(customer: string, nowMs: number): CloudEvent {
    const user = this.#seated(customer);
    if (user === undefined) return this.#assign(customer, nowMs);
    const planCode = this.#seats.get(`${customer} ${user}`) === PLUS ? STANDARD : PLUS;
    this.#seats.set(`${customer} ${user}`, planCode);
    const data = { userCode: user, serviceCode: SERVICE, planCode, planName: `Plan ${planCode}` };
    return this.#event('user.service.plan-changed', customer, data, nowMs);
  }

  #backup(customer: string, nowMs: number): CloudEvent {
    const held = this.#backups.get(customer);
    const quantity = wholeBelow(this.#random, 30) + 1;
    if (held === undefined) {
      this.#backups.set(customer, { quantity, peak: quantity });
      const data = { serviceCode: BACKUP, serviceName: 'Backup', quantity: String(quantity) };
      return this.#event('customer.service.assigned', customer, data, nowMs);
    }
    // What was lowered and then removed in one go is held for a person: the removal speaks for the units that were left alone.
    if (held.quantity < held.peak || this.#random() < 0.85) {
      this.#backups.set(customer, { quantity, peak: Math.max(quantity, held.peak) });
      const data = { serviceCode: BACKUP, quantity: String(quantity) };
      return this.#event('customer.service.quantity-changed', customer, data, nowMs);
    }
    this.#backups.delete(customer);
    return this.#event('customer.service.removed', customer, { serviceCode: BACKUP }, nowMs);
  }

  #leaver(customer: string, nowMs: number): CloudEvent {
    const user = this.#seated(customer) ?? oneOf(this.#random, USERS);
    this.#seats.delete(`${customer} ${user}`);
    return this.#event('user.removed', customer, { userCode: user }, nowMs);
  }

  /** What happens beside the counting: names, and the reseller that a customer belongs to. */
  #aside(customer: string, nowMs: number): CloudEvent {
    const user = oneOf(this.#random, USERS);
    if (this.#random() < 0.5)
      return this.#event('user.renamed', customer, { userCode: user, name: `${user} ${this.#count}` }, nowMs);
    const data = { resellerCode: oneOf(this.#random, ['NORTH', 'SOUTH']), billedBy: 'provider' };
    return this.#event('customer.moved', customer, data, nowMs);
  }

  #seated(customer: string): string | undefined {
    const held = [...this.#seats.keys()].filter((seat) => seat.startsWith(`${customer} `));
    return held.length === 0 ? undefined : oneOf(this.#random, held).split(' ')[1];
  }

  #event(type: string, subject: string, data: Record<string, unknown>, nowMs: number): CloudEvent {
    const { prefix, actor } = this.mark;
    return {
      specversion: '1.0',
      id: `${prefix}-${(this.#count += 1)}`,
      source: 'urn:faults:desk',
      type: `trueup.${type}.v1`,
      time: new Date(this.#timeUpTo(nowMs)).toISOString(),
      subject,
      data,
      actorid: actor,
      actorname: `Desk of ${actor}`,
      actorkind: 'person',
    };
  }

  /**
   * Strictly later than the last one, by a small share of the time that is left until now: never ahead, and never out of room. Nobody
   * tells of what is older than two days, unless a fault holds it back.
   */
  #timeUpTo(nowMs: number): number {
    this.#lastMs = Math.max(this.#lastMs, nowMs - LONGEST_AGO_MS);
    const left = Math.max(nowMs - this.#lastMs, this.firstMs - this.#lastMs, 2);
    this.#lastMs += 1 + Math.floor((this.#random() * left) / 200);
    return this.#lastMs;
  }
}
