import { type DemoCalendar, daysOn, instantOn } from './demo-calendar.js';
import { products } from './demo-catalogue.js';
import { demoCustomer } from './demo-customers.js';
import { actors, type DemoEvent, demoEvent } from './demo-event.js';
import { stories } from './demo-stories.js';
import type { DemoWorld } from './demo-world.js';

/** Customers that get one mailbox more today, and what comes in its way in the PSA. */
export const troubles = {
  /** Autotask has had a change of that day already. */
  dateTaken: 'bluff-oysters',
  /** Autotask says yes, and shows it a moment later. */
  shownLate: 'cobalt-architects',
  /** Autotask refuses, for reasons of its own. */
  refused: 'dune-outdoor',
  /** Somebody has edited the contract by hand. */
  edited: 'foundry-gym',
  /** The period is posted, and the connection wants a person to look. */
  posted: 'lantern-books',
  /** The connection sends a day's net when the day is over. */
  waits: 'harbour-bakery',
} as const;

/** What happens on the day of the seed, after the PSA was first looked at. Nothing lies after the first minutes of the day. */
export function todaysEvents(calendar: DemoCalendar, world: DemoWorld): DemoEvent[] {
  return [...oneMore(calendar), ...cleanUp(calendar, world), ...noFirewalls(calendar), lateSeat(calendar)];
}

function oneMore({ today }: DemoCalendar): DemoEvent[] {
  const { serviceCode, serviceName } = products.mail;
  return Object.entries(troubles).map(([trouble, subject], index) =>
    demoEvent(`t-${trouble}`, 'user.service.assigned', {
      ...{ time: instantOn(today, index), subject, actor: actors.kim },
      data: { userCode: 'new.today', serviceCode, serviceName },
    }),
  );
}

function cleanUp({ today }: DemoCalendar, world: DemoWorld): DemoEvent[] {
  const { customer, share } = stories.guardTrip;
  const holders = world.peopleOf(customer).filter(({ holds }) => holds.has(products.mail));
  return holders.slice(0, Math.ceil(holders.length * share)).map(({ code }, index) =>
    demoEvent(`t-clean-up-${index + 1}`, 'user.service.removed', {
      ...{ time: instantOn(today, index), subject: customer, actor: actors.cleanup },
      data: { userCode: code, serviceCode: products.mail.serviceCode },
    }),
  );
}

/** Two customers give their firewalls back; the connection of the second wants a person to confirm every zero. */
function noFirewalls({ today }: DemoCalendar): DemoEvent[] {
  const data = { serviceCode: products.firewall.serviceCode };
  return ['estuary-research', 'jetty-realty'].map((customer) =>
    demoEvent(`t-no-firewall-${customer}`, 'customer.service.removed', {
      ...{ time: instantOn(today), subject: demoCustomer(customer).code, actor: actors.tomas, data },
    }),
  );
}

/** A seat of the period before the last one that nobody told until today. */
function lateSeat({ today, periods }: DemoCalendar): DemoEvent {
  const { serviceCode, serviceName } = products.backup;
  return demoEvent('t-late', 'user.service.assigned', {
    ...{
      time: instantOn(daysOn(periods[2].start, 10), 30_000),
      subject: 'summit-surveyors',
      actor: { ...actors.priya, ticket: `T-${today}` },
    },
    data: { userCode: 'told.late', serviceCode, serviceName },
  });
}
