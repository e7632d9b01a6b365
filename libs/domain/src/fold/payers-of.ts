import type { Payer, PlainDate } from '@trueup/contracts';
import { zoneCalendar } from '../calendar/zone-calendar.js';
import type { CustomerState } from './fold-customer.js';

/** The `from` of the payer that a line had from the beginning. */
export const FROM_THE_BEGINNING: PlainDate = '0001-01-01';

/**
 * Who pays for a customer by local day, ascending, the first from the beginning (the provider bills the customer itself when nothing
 * says otherwise). Of several moves on one day the last decides the whole day.
 */
export function payersOf(state: CustomerState | undefined, timeZone: string): Payer[] {
  const zone = zoneCalendar(timeZone);
  const first: Payer = { from: FROM_THE_BEGINNING, ...(state?.firstPayer ?? { billedBy: 'provider' }) };
  return (state?.payers ?? []).reduce(
    (payers, { at, ...payer }) => {
      const from = zone.localDateOf(Date.parse(at));
      return withPayer(payers, { from, ...payer });
    },
    [first],
  );
}

function withPayer(payers: readonly Payer[], next: Payer): Payer[] {
  const earlier = payers.filter((payer) => payer.from < next.from);
  const before = earlier.at(-1);
  const isSame = before?.billedBy === next.billedBy && before.resellerCode === next.resellerCode;
  return isSame ? earlier : [...earlier, next];
}
