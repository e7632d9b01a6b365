import type { CardExample } from '../card/card-text.js';

/** What the card's ready curl lines speak of. */
export const demoExample: CardExample = {
  customerCode: 'harbour-dental',
  serviceCode: 'mail',
  serviceName: 'Business Mail',
  lineKey: null,
};
