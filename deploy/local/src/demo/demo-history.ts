import { type DemoCalendar, daysBetween, instantOn } from './demo-calendar.js';
import { products } from './demo-catalogue.js';
import { type DemoCustomer, demoCustomers } from './demo-customers.js';
import { actors } from './demo-event.js';
import { DemoWorld } from './demo-world.js';
import { DeskWork } from './desk-work.js';
import { SeededNumbers } from './seeded-numbers.js';

const changesPerDay = 9;
const everyOtherServers = 13; // one customer in so many has servers to watch

/** Customers at which the desk has something to do every day. */
export const busyCustomers: readonly DemoCustomer[] = demoCustomers.filter(({ only }) => only === null);

/** Makes what happened from the first period's start up to, but not including, today: the same for the same seed and day. */
export class DemoHistory {
  readonly world = new DemoWorld('h');
  private readonly numbers: SeededNumbers;
  private readonly desk: DeskWork;

  constructor(
    private readonly calendar: DemoCalendar,
    seed: number,
  ) {
    this.numbers = new SeededNumbers(seed);
    this.desk = new DeskWork(this.world, this.numbers);
  }

  /** Tells everything; `onDay` adds what a day's prepared stories need. */
  tell(onDay: (day: string, world: DemoWorld) => void): DemoWorld {
    const [{ start }] = this.calendar.periods;
    for (const [index, customer] of demoCustomers.entries()) this.begin(customer, index, instantOn(start, 60 * (index + 1)));
    for (const day of daysBetween(start, this.calendar.today)) {
      for (let n = 0; n < changesPerDay; n += 1) {
        this.desk.change(busyCustomers, instantOn(day, 8 * 3600 + n * 3000 + this.numbers.below(2000)));
      }
      onDay(day, this.world);
    }
    return this.world;
  }

  private begin(customer: DemoCustomer, index: number, time: string): void {
    const act = { time, actor: actors.onboarding };
    this.world.takeOn(customer, act);
    for (let n = 0; n < customer.userCount; n += 1) this.desk.welcome(customer, act);
    if (customer.only !== null) return;
    this.world.equip(customer, products.firewall, String(1 + this.numbers.below(3)), act);
    if (index % everyOtherServers === 1) this.world.equip(customer, products.monitoring, String(2 + this.numbers.below(9)), act);
  }
}
