import { type DemoCalendar, daysBetween, instantOn } from './demo-calendar.js';
import { type DemoProduct, products } from './demo-catalogue.js';
import { type DemoCustomer, demoCustomers } from './demo-customers.js';
import { actors, type DemoActor } from './demo-event.js';
import { demoName, newFamilyName } from './demo-names.js';
import { type Act, type DemoPerson, DemoWorld } from './demo-world.js';
import { SeededNumbers } from './seeded-numbers.js';

const { mail, officeStandard, officePremium, security, backup, voice, vpn } = products;
const desk: readonly DemoActor[] = [actors.kim, actors.priya, actors.tomas];
const changesPerDay = 9;

/** Makes what happened from the first period's start up to, but not including, today: the same for the same seed and day. */
export class DemoHistory {
  readonly world = new DemoWorld('h');
  private readonly numbers: SeededNumbers;

  constructor(
    private readonly calendar: DemoCalendar,
    seed: number,
  ) {
    this.numbers = new SeededNumbers(seed);
  }

  /** Tells everything; `onDay` adds what a day's prepared stories need. */
  tell(onDay: (day: string, world: DemoWorld) => void): DemoWorld {
    const [{ start }] = this.calendar.periods;
    for (const [index, customer] of demoCustomers.entries()) this.begin(customer, index, instantOn(start, 60 * (index + 1)));
    for (const day of daysBetween(start, this.calendar.today)) {
      for (let n = 0; n < changesPerDay; n += 1) this.change(instantOn(day, 8 * 3600 + n * 3000 + this.numbers.below(2000)));
      onDay(day, this.world);
    }
    return this.world;
  }

  private begin(customer: DemoCustomer, index: number, time: string): void {
    const act = { time, actor: actors.onboarding };
    this.world.takeOn(customer, act);
    for (let n = 0; n < customer.userCount; n += 1) this.welcome(customer, act);
    if (customer.only !== null) return;
    this.world.equip(customer, products.firewall, String(1 + this.numbers.below(3)), act);
    if (index % 13 === 1) this.world.equip(customer, products.monitoring, String(2 + this.numbers.below(9)), act);
  }

  private welcome(customer: DemoCustomer, act: Act): void {
    const taken = new Set(this.world.peopleOf(customer.code).map(({ code }) => code));
    const person = this.world.join(
      customer,
      demoName(this.numbers, (code) => taken.has(code)),
      act,
    );
    for (const product of customer.only ?? this.usualProducts()) this.world.assign(person, product, act);
  }

  private usualProducts(): DemoProduct[] {
    const office = this.numbers.isIn(0.3) ? officePremium : officeStandard;
    const shares: [DemoProduct, number][] = [
      ...[[mail, 0.97] as [DemoProduct, number], [office, 0.55] as [DemoProduct, number]],
      ...[[security, 0.4] as [DemoProduct, number], [backup, 0.2] as [DemoProduct, number]],
      ...[[voice, 0.12] as [DemoProduct, number], [vpn, 0.1] as [DemoProduct, number]],
    ];
    return shares.filter(([, share]) => this.numbers.isIn(share)).map(([product]) => product);
  }

  /** One of the things that happen at a service desk all day. */
  private change(time: string): void {
    const customer = this.numbers.pick(demoCustomers.filter(({ only }) => only === null));
    const people = this.world.peopleOf(customer.code);
    const person = this.numbers.pick(people);
    const act = { time, actor: this.numbers.pick(desk) };
    const kind = this.numbers.below(10);
    if (kind < 3) this.welcome(customer, act);
    else if (kind < 5 && people.length > 12) this.world.leave(person, { time, actor: actors.offboarding });
    else if (kind < 6) this.world.rename(person, newFamilyName(person.name, this.numbers), act);
    else if (kind < 8) this.switchPlan(person, act);
    else this.giveOrTake(person, this.numbers.pick([backup, voice, vpn, security]), act);
  }

  private switchPlan(person: DemoPerson, act: Act): void {
    if (person.holds.has(officeStandard)) this.world.changePlan(person, officeStandard, officePremium, act);
    else if (person.holds.has(officePremium)) this.world.changePlan(person, officePremium, officeStandard, act);
    else this.world.assign(person, officeStandard, act);
  }

  private giveOrTake(person: DemoPerson, product: DemoProduct, act: Act): void {
    if (person.holds.has(product)) this.world.remove(person, product, act);
    else this.world.assign(person, product, act);
  }
}
