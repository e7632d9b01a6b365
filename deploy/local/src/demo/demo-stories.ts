import { type DemoCalendar, daysOn, instantOn } from './demo-calendar.js';
import { products } from './demo-catalogue.js';
import { demoCustomer } from './demo-customers.js';
import { actors } from './demo-event.js';
import { type DemoPerson, DemoWorld } from './demo-world.js';

/** Whom and what the prepared stories are about. */
export const stories = {
  /** "We cancelled that seat!" They did; and somebody of theirs had it given back two days later. */
  disputedSeat: { customer: 'alder-finch', user: 'jo.disputed', name: 'Jo Disputed' },
  /** The offboarding took the mailbox and forgot the rest. */
  leaver: { customer: 'bayside-dental', user: 'lee.leaver', name: 'Lee Leaver' },
  /** Sold last week, mapped by nobody. */
  newSku: { customers: ['copper-kettle', 'hillcrest-schools', 'zenith-glass'], seats: 6 },
  /** A clean-up script takes away two seats in five at once. */
  guardTrip: { customer: 'gannet-couriers', share: 0.4 },
} as const;

/** Holds a service that nobody has given a sku. */
export const withoutSku = 'rata-pharmacies';

/** What the stories need of a day of the past. */
export function tellStories(calendar: DemoCalendar, day: string, world: DemoWorld): void {
  const [first, , last] = calendar.periods;
  if (day === first.start) hireTheNamed(day, world);
  if (day === daysOn(last.start, 9)) cancelDisputed(day, world);
  if (day === daysOn(last.start, 11)) giveBackDisputed(day, world);
  if (day === daysOn(last.start, 15)) letLeaverGo(day, world);
  if (day === daysOn(calendar.today, -3)) sellNewSku(day, world);
  if (day === daysOn(calendar.today, -2)) storeHalves(day, world);
}

function hireTheNamed(day: string, world: DemoWorld): void {
  const act = { time: instantOn(day, 9 * 3600), actor: actors.tomas };
  for (const { customer, user, name } of [stories.disputedSeat, stories.leaver]) {
    const person = world.join(demoCustomer(customer), { code: user, name, isOfStory: true }, act);
    for (const product of [products.mail, products.officePremium, products.backup]) world.assign(person, product, act);
  }
}

function cancelDisputed(day: string, world: DemoWorld): void {
  const actor = { ...actors.kim, onbehalfof: 'office manager of Alder & Finch', ticket: 'T-20417' };
  world.remove(named(world, stories.disputedSeat), products.officePremium, { time: instantOn(day, 36_000), actor });
}

function giveBackDisputed(day: string, world: DemoWorld): void {
  const actor = { ...actors.priya, onbehalfof: 'a partner of Alder & Finch', ticket: 'T-20466' };
  world.assign(named(world, stories.disputedSeat), products.officePremium, { time: instantOn(day, 57_600), actor });
}

function letLeaverGo(day: string, world: DemoWorld): void {
  world.remove(named(world, stories.leaver), products.mail, { time: instantOn(day, 61_200), actor: actors.offboarding });
}

function sellNewSku(day: string, world: DemoWorld): void {
  const act = { time: instantOn(day, 39_600), actor: actors.tomas };
  for (const code of stories.newSku.customers) {
    for (const person of world.peopleOf(code).slice(0, stories.newSku.seats)) world.assign(person, products.assistant, act);
  }
}

/** What the PSA cannot hold, and what nobody has given a sku. */
function storeHalves(day: string, world: DemoWorld): void {
  const act = { time: instantOn(day, 43_200), actor: actors.tomas };
  world.equip(demoCustomer('nimbus-solar'), products.storage, '2.5', act);
  for (const person of world.peopleOf(withoutSku).slice(0, 4)) world.assign(person, products.training, act);
}

function named(world: DemoWorld, { customer, user }: { customer: string; user: string }): DemoPerson {
  return world.peopleOf(customer).find(({ code }) => code === user)!;
}
