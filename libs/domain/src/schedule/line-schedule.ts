import type { LinePeriod } from '@trueup/contracts';
import { zoneCalendar } from '../calendar/zone-calendar.js';
import type { Holding } from '../rows/holding.js';
import { LineCount } from './line-count.js';
import { type SchedulePeriod, boundsOf } from './schedule-period.js';

/**
 * The schedule of one line over its periods (ascending). Steps: the level held at the end of each local day, the first on the period's
 * first day, then changes only. `present`: units held at any moment of the period. `peak`: most units at one moment. `removed`: units
 * whose holding a removal or deprovisioning ended in it. A line that is gone ends in "0". `holdings` are the billable rows of the line.
 */
export function lineSchedule(holdings: readonly Holding[], periods: readonly SchedulePeriod[], timeZone: string): LinePeriod[] {
  const count = new LineCount(holdings);
  return periods.map((period) => {
    const { id, start, end, state } = period;
    // A period keeps its zone when the tenant moves to another: its days must not shift once they are billed.
    const zone = zoneCalendar(period.timeZone ?? timeZone);
    return { id, start, end, state, ...count.over(boundsOf(period, zone), zone) };
  });
}
