import { products } from './demo-catalogue.js';
import { demoCustomer } from './demo-customers.js';
import { actors } from './demo-event.js';
import { busyCustomers } from './demo-history.js';
import type { DemoPlace } from './demo-place.js';
import type { DemoWorld } from './demo-world.js';
import { DeskWork } from './desk-work.js';
import { SeededNumbers } from './seeded-numbers.js';

/** Something that happens at a minute of the desk's day; does it and says what it was. */
export interface LiveAct {
  /** Minutes since midnight. */
  readonly minute: number;
  perform(time: string): Promise<string>;
}

const opens = 8 * 60;
const closes = 17 * 60;
const changeEveryMinutes = 6;
const cleanUpAt = 10 * 60 + 30;
const outage = { from: 12 * 60, to: 13 * 60 + 30 };
const busyPsaAt = 15 * 60;
const cleanedCustomer = 'estuary-research';

/** The acts of one day, in order: changes at the desk, a script that removes many seats, an outage of the PSA, and a PSA that is busy. */
export function liveDay(place: DemoPlace, world: DemoWorld, seed: number): LiveAct[] {
  const desk = new DeskWork(world, new SeededNumbers(seed));
  const changes: LiveAct[] = [];
  for (let minute = opens; minute < closes; minute += changeEveryMinutes)
    changes.push({ minute, perform: (time) => posted(place, world, () => desk.change(busyCustomers, time)) });
  return [...changes, ...troubles(place, world)].sort((a, b) => a.minute - b.minute);
}

/** Takes the PSA's troubles away again, whenever the day ends. */
export function endTroubles(place: DemoPlace): Promise<unknown> {
  return place.sandbox('DELETE', 'faults');
}

function troubles(place: DemoPlace, world: DemoWorld): LiveAct[] {
  const arm = (fault: object, said: string) => async (): Promise<string> => {
    await place.sandbox('POST', 'faults', fault);
    return said;
  };
  const down = { kind: '503-html', count: 'always', match: { access: 'any' } };
  const busy = { kind: '429', retryAfter: 2, count: 3, match: { access: 'any' } };
  return [
    { minute: cleanUpAt, perform: (time) => posted(place, world, () => cleanUp(world, time)) },
    { minute: outage.from, perform: arm(down, 'The PSA is down: it answers 503 to everything; changes wait') },
    { minute: outage.to, perform: () => endTroubles(place).then(() => 'The PSA is back: what waited is written, once') },
    { minute: busyPsaAt, perform: arm(busy, 'The PSA is busy: it answers 429 and wants to be left alone for two seconds') },
  ];
}

function cleanUp(world: DemoWorld, time: string): string {
  const customer = demoCustomer(cleanedCustomer);
  const holders = world.peopleOf(customer.code).filter(({ holds }) => holds.has(products.mail));
  const half = holders.slice(0, Math.ceil(holders.length / 2));
  for (const person of half) world.remove(person, products.mail, { time, actor: actors.cleanup });
  return `${customer.name}: a clean-up script takes ${half.length} of ${holders.length} mailboxes; the guard holds them (GET /v1/holds)`;
}

async function posted(place: DemoPlace, world: DemoWorld, change: () => string): Promise<string> {
  const before = world.events.length;
  const said = change();
  await place.post(world.events.slice(before));
  return said;
}
