import type { DemoProduct } from './demo-catalogue.js';
import type { DemoCustomer } from './demo-customers.js';
import { type DemoActor, type DemoEvent, demoEvent } from './demo-event.js';

/** A user of a customer and what it holds. */
export interface DemoPerson {
  readonly code: string;
  name: string;
  readonly customer: DemoCustomer;
  readonly holds: Set<DemoProduct>;
  /** True for those whom a prepared story is about: nothing else happens to them. */
  readonly isOfStory: boolean;
}

type NewPerson = { code: string; name: string; isOfStory?: boolean };

/** Who did it, and when. */
export interface Act {
  readonly time: string;
  readonly actor: DemoActor;
}

/** What is held at the demo MSP, and the events that made it so. */
export class DemoWorld {
  readonly events: DemoEvent[] = [];
  private readonly ofCustomers = new Map<string, number>();

  /** `series` begins the ids of the events: two worlds of one tenant need two. `users` by customer, of a world that this one continues. */
  constructor(
    private readonly series: string,
    private readonly users = new Map<string, readonly DemoPerson[]>(),
  ) {}

  /** The same people; what happens to them from now on has ids of its own. */
  continued(series: string): DemoWorld {
    return new DemoWorld(series, this.users);
  }

  get people(): DemoPerson[] {
    return [...this.users.values()].flat();
  }

  /** How many units of a sku a customer holds. */
  unitsOf(customer: DemoCustomer, { sku }: Pick<DemoProduct, 'sku'>): number {
    const held = this.peopleOf(customer.code).filter((person) => [...person.holds].some((product) => product.sku === sku)).length;
    return held + (this.ofCustomers.get(`${customer.code} ${sku}`) ?? 0);
  }

  peopleOf(code: string): readonly DemoPerson[] {
    return this.users.get(code) ?? [];
  }

  takeOn({ code, name, reseller }: DemoCustomer, act: Act): void {
    const channel = reseller === null ? {} : { resellerCode: reseller.code, billedBy: reseller.billedBy };
    this.tell('customer.created', code, act, { name, ...channel });
  }

  /** The customer itself holds so many units. */
  equip(customer: DemoCustomer, product: DemoProduct, quantity: string, act: Act): void {
    this.ofCustomers.set(`${customer.code} ${product.sku}`, Number(quantity));
    this.tell('customer.service.assigned', customer.code, act, { ...named(product), quantity });
  }

  join(customer: DemoCustomer, { code, name, isOfStory = false }: NewPerson, act: Act): DemoPerson {
    const person: DemoPerson = { code, name, customer, holds: new Set(), isOfStory };
    this.users.set(customer.code, [...this.peopleOf(customer.code), person]);
    this.tell('user.created', customer.code, act, { userCode: code, name, upn: `${code}@${customer.code}.example` });
    return person;
  }

  assign(person: DemoPerson, product: DemoProduct, act: Act): void {
    person.holds.add(product);
    this.tell('user.service.assigned', person.customer.code, act, { userCode: person.code, ...named(product) });
  }

  changePlan(person: DemoPerson, from: DemoProduct, to: DemoProduct, act: Act): void {
    person.holds.delete(from);
    person.holds.add(to);
    const { serviceCode, planCode, planName } = to;
    const data = { userCode: person.code, serviceCode, planCode, planName };
    this.tell('user.service.plan-changed', person.customer.code, act, data);
  }

  remove(person: DemoPerson, product: DemoProduct, act: Act): void {
    person.holds.delete(product);
    const data = { userCode: person.code, serviceCode: product.serviceCode };
    this.tell('user.service.removed', person.customer.code, act, data);
  }

  leave(person: DemoPerson, act: Act): void {
    const { code } = person.customer;
    this.users.set(
      code,
      this.peopleOf(code).filter((one) => one !== person),
    );
    this.tell('user.removed', person.customer.code, act, { userCode: person.code });
  }

  rename(person: DemoPerson, name: string, act: Act): void {
    person.name = name;
    this.tell('user.renamed', person.customer.code, act, { userCode: person.code, name });
  }

  private tell(type: string, subject: string, { time, actor }: Act, data: DemoEvent['data']): void {
    this.events.push(demoEvent(`${this.series}-${this.events.length + 1}`, type, { time, subject, actor, data }));
  }
}

function named({ serviceCode, serviceName, planCode, planName }: DemoProduct): object {
  return { serviceCode, serviceName, ...(planCode !== null && { planCode, planName }) };
}
