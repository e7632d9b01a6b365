import type { Quantity } from '@trueup/contracts';
import { zoneCalendar } from '../calendar/zone-calendar.js';
import { utcMillisOf } from '../order/utc-time.js';
import { subtractQuantities, sumQuantities } from '../quantity-math.js';
import type { Holding } from '../rows/holding.js';
import { movementsOf } from '../rows/movements-of.js';
import { type SchedulePeriod, boundsOf } from '../schedule/schedule-period.js';

/** Units before a period, at its end so far, and what lies between. */
export interface Summary {
  lastCount: Quantity;
  difference: Quantity;
  thisCount: Quantity;
}

/** Sums the billable rows among `holdings` (of a customer and sku, say) over a period. */
export function summaryOf(holdings: readonly Holding[], period: Omit<SchedulePeriod, 'state'>, timeZone: string): Summary {
  const { fromMs, untilMs } = boundsOf(period, zoneCalendar(timeZone));
  const movements = holdings.filter(({ billable }) => billable).flatMap(movementsOf);
  const levelBefore = (at: string) => sumQuantities(movements.filter((one) => one.at < at).map(({ delta }) => delta));
  const lastCount = levelBefore(utcMillisOf(fromMs));
  const thisCount = levelBefore(utcMillisOf(untilMs));
  return { lastCount, difference: subtractQuantities(thisCount, lastCount), thisCount };
}
