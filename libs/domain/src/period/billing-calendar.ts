import { addDays, type PlainDate } from '@trueup/contracts';
import { zoneCalendar } from '../calendar/zone-calendar.js';
import { closingDayBefore, closingDayFrom } from './closing-day.js';
import type { Period, PeriodSetting } from './period-setting.js';

/** A rule and the day on which its first period starts. */
interface Reign {
  from: PlainDate;
  setting: PeriodSetting;
}

const BEGINNING: PlainDate = '0000-01-01';

/** All periods of a tenant, past and future: they part the calendar, whatever settings changed when. */
export class BillingCalendar {
  private readonly reigns: readonly Reign[];

  /** `history` in the order of saving, at least one row. Throws a RangeError when it is empty. */
  constructor(history: readonly PeriodSetting[]) {
    if (history.length === 0) throw new RangeError('a billing calendar needs at least one setting');
    this.reigns = history.reduce(withSetting, []);
  }

  /** The period that holds the local day. */
  containing(date: PlainDate): Period {
    return periodIn(this.reigns, date);
  }

  /** The period that holds the instant (epoch ms). */
  containingInstant(atMs: number): Period {
    let period = this.containing(zoneCalendar(this.reigns.at(-1)!.setting.timeZone).localDateOf(atMs));
    while (atMs < period.startsAtMs) period = this.previous(period);
    while (atMs >= period.endsAtMs) period = this.next(period);
    return period;
  }

  next(period: Pick<Period, 'end'>): Period {
    return this.containing(period.end);
  }

  previous(period: Pick<Period, 'start'>): Period {
    return this.containing(addDays(period.start, -1));
  }

  /** Every period that holds a day of `first`..`last` (both included), ascending; empty when `last` lies before `first`. */
  between(first: PlainDate, last: PlainDate): Period[] {
    if (last < first) return [];
    const periods = [this.containing(first)];
    while (periods.at(-1)!.end <= last) periods.push(this.next(periods.at(-1)!));
    return periods;
  }
}

function withSetting(reigns: readonly Reign[], setting: PeriodSetting): Reign[] {
  if (setting.effectiveFrom === null || reigns.length === 0) return [{ from: BEGINNING, setting }];
  const from = periodIn(reigns, setting.effectiveFrom).end;
  return [...reigns.filter((reign) => reign.from < from), { from, setting }];
}

function periodIn(reigns: readonly Reign[], date: PlainDate): Period {
  const index = reigns.findLastIndex((reign) => reign.from <= date);
  const { from, setting } = reigns[Math.max(index, 0)]!;
  const id = closingDayFrom(setting.closeDay, date);
  const regularStart = addDays(closingDayBefore(setting.closeDay, date), 1);
  const start = regularStart < from ? from : regularStart;
  const end = addDays(id, 1);
  // A period that begins a new zone starts where the one before it ended, in the old zone: instants neither overlap nor go missing.
  const startZone = start === from ? reigns[Math.max(index - 1, 0)]!.setting.timeZone : setting.timeZone;
  return {
    id,
    start,
    end,
    startsAtMs: zoneCalendar(startZone).startOfDayMs(start),
    endsAtMs: zoneCalendar(setting.timeZone).startOfDayMs(end),
    timeZone: setting.timeZone,
  };
}
