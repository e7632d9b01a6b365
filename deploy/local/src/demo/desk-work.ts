import { type DemoProduct, products } from './demo-catalogue.js';
import type { DemoCustomer } from './demo-customers.js';
import { actors, type DemoActor } from './demo-event.js';
import { demoName, newFamilyName } from './demo-names.js';
import type { Act, DemoPerson, DemoWorld } from './demo-world.js';
import type { SeededNumbers } from './seeded-numbers.js';

const { mail, officeStandard, officePremium, security, backup, voice, vpn } = products;
const desk: readonly DemoActor[] = [actors.kim, actors.priya, actors.tomas];
const usual: readonly (readonly [DemoProduct, share: number])[] = [
  [mail, 0.97],
  [security, 0.4],
  [backup, 0.2],
  [voice, 0.12],
  [vpn, 0.1],
];
const fewest = 12; // nobody leaves a customer that is smaller

/** What happens at a service desk all day: people join, leave, marry, and get other things. */
export class DeskWork {
  constructor(
    private readonly world: DemoWorld,
    private readonly numbers: SeededNumbers,
  ) {}

  /** One change at one of the customers. Answers what it was, for people. */
  change(customers: readonly DemoCustomer[], time: string): string {
    const customer = this.numbers.pick(customers);
    const people = this.world.peopleOf(customer.code).filter(({ isOfStory }) => !isOfStory);
    const person = this.numbers.pick(people);
    const act = { time, actor: this.numbers.pick(desk) };
    const kind = this.numbers.below(10);
    const did =
      kind < 3 || (kind < 5 && people.length <= fewest)
        ? `${this.welcome(customer, act).name} joins`
        : kind < 5
          ? this.sayGoodbye(person, time)
          : this.serve(person, kind, act);
    return `${customer.name}: ${did} (${kind >= 3 && kind < 5 ? actors.offboarding.actorname : act.actor.actorname})`;
  }

  welcome(customer: DemoCustomer, act: Act): DemoPerson {
    const taken = new Set(this.world.peopleOf(customer.code).map(({ code }) => code));
    const person = this.world.join(
      customer,
      demoName(this.numbers, (code) => taken.has(code)),
      act,
    );
    for (const product of customer.only ?? this.usualProducts()) this.world.assign(person, product, act);
    return person;
  }

  private usualProducts(): DemoProduct[] {
    const office = this.numbers.isIn(0.3) ? officePremium : officeStandard;
    const shares: readonly (readonly [DemoProduct, number])[] = [...usual, [office, 0.55]];
    return shares.filter(([, share]) => this.numbers.isIn(share)).map(([product]) => product);
  }

  private sayGoodbye(person: DemoPerson, time: string): string {
    this.world.leave(person, { time, actor: actors.offboarding });
    return `${person.name} leaves`;
  }

  private serve(person: DemoPerson, kind: number, act: Act): string {
    if (kind < 6) return this.marry(person, act);
    if (kind < 8) return this.switchPlan(person, act);
    return this.giveOrTake(person, this.numbers.pick([backup, voice, vpn, security]), act);
  }

  private marry(person: DemoPerson, act: Act): string {
    const before = person.name;
    this.world.rename(person, newFamilyName(person.name, this.numbers), act);
    return `${before} is now ${person.name}`;
  }

  private switchPlan(person: DemoPerson, act: Act): string {
    const from = [officeStandard, officePremium].find((one) => person.holds.has(one));
    const to = from === officeStandard ? officePremium : officeStandard;
    if (from === undefined) this.world.assign(person, to, act);
    else this.world.changePlan(person, from, to, act);
    return `${person.name} gets ${to.psaName}`;
  }

  private giveOrTake(person: DemoPerson, product: DemoProduct, act: Act): string {
    const isTaken = person.holds.has(product);
    if (isTaken) this.world.remove(person, product, act);
    else this.world.assign(person, product, act);
    return `${person.name} ${isTaken ? 'gives back' : 'gets'} ${product.psaName}`;
  }
}
