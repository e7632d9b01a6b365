import type { CardStory } from '../card/card-text.js';
import { demoCalendar } from './demo-calendar.js';
import { products } from './demo-catalogue.js';
import { stories } from './demo-stories.js';

/** The prepared stories of a demo that was planned at an instant, each with the path that shows it. */
export function demoCardStories(plannedAt: Date): CardStory[] {
  const last = demoCalendar(plannedAt).periods[2];
  const { disputedSeat, leaver } = stories;
  const disputed = `customer=${disputedSeat.customer}&user=${disputedSeat.user}&service=${products.officePremium.serviceCode}`;
  return [
    {
      title:
        'A disputed seat: "we cancelled that!" They did, and one of them had it given back two days later (from, to, by whom):',
      path: `/billing/${last.id}/items?${disputed}`,
    },
    {
      title: 'A leaver still billed: the offboarding script took the mailbox and forgot the rest:',
      path: `/billing/current/items?customer=${leaver.customer}&user=${leaver.user}`,
    },
    { title: 'A new sku that nobody has mapped: sold, counted, and not in the PSA:', path: '/mappings/unmapped' },
    {
      title: 'A guard trip: a clean-up script took two mailboxes in five; the PSA still has them, a person decides:',
      path: '/holds',
    },
  ];
}
