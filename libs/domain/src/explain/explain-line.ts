import { canonicalJson, type CauseCode, type Explain, type Quantity } from '@trueup/contracts';
import { zoneCalendar } from '../calendar/zone-calendar.js';
import { nameNow } from '../fold/name-history.js';
import { utcMillisOf } from '../order/utc-time.js';
import { sumQuantities } from '../quantity-math.js';
import type { Holding } from '../rows/holding.js';
import { type Movement, movementsOf } from '../rows/movements-of.js';
import { type SchedulePeriod, boundsOf } from '../schedule/schedule-period.js';
import { carriedMovements } from './carried-movements.js';
import type { NameBook } from './names.js';

type Person = Explain['people'][number];

/** A person's entry with the code under which the waterfall counts it. */
interface Entry {
  code: CauseCode;
  person: Person;
}

const CODES: readonly CauseCode[] = ['CARRIED', 'LATE', 'ADDED', 'REMOVED', 'MOVED', 'REMAP'];

/**
 * Why a line has its level at the end of a period (so far): what was held before its start, then every movement in it. The waterfall
 * sums to that level, the counted people's deltas do too. `holdings` are the rows of the line; `lineKey` names it also when none is left.
 * `frozen`: the rows of the line as the period before was closed with them, if it is closed; what is carried beyond them came late.
 */
export function explainLine(
  lineKey: string,
  holdings: readonly Holding[],
  period: Omit<SchedulePeriod, 'state'>,
  timeZone: string,
  names: NameBook,
  frozen?: readonly Holding[],
): Explain {
  const { fromMs, untilMs } = boundsOf(period, zoneCalendar(timeZone));
  const [from, until] = [utcMillisOf(fromMs), utcMillisOf(untilMs)];
  const closed = frozen && new Map(frozen.map((holding) => [rowIdOf(holding), holding]));
  const gone = frozen?.filter((row) => !holdings.some((holding) => rowIdOf(holding) === rowIdOf(row))) ?? [];
  const entries = [...holdings, ...gone.map(withoutIntervals)].flatMap((holding) => {
    const kept = closed?.get(rowIdOf(holding));
    return entriesOf(holding, { from, until }, names, closed && (kept === undefined ? [] : movementsOf(kept)));
  });
  entries.sort((a, b) => (a.person.at < b.person.at ? -1 : a.person.at > b.person.at ? 1 : 0));
  const counted = entries.filter(({ person }) => person.counted);
  return {
    lineKey,
    periodId: period.id,
    quantity: sumOf(counted),
    waterfall: waterfallOf(counted),
    people: entries.map(({ person }) => person),
  };
}

const rowIdOf = ({ identity, rowKey }: Holding): string => canonicalJson([identity, rowKey]);
const withoutIntervals = (holding: Holding): Holding => ({ ...holding, intervals: [] });

function entriesOf(
  holding: Holding,
  { from, until }: { from: string; until: string },
  names: NameBook,
  frozen: readonly Movement[] | undefined,
): Entry[] {
  const movements = movementsOf(holding).filter(({ at }) => at < until);
  const before = movements.filter(({ at }) => at < from);
  const changes = movements.filter(({ at }) => at >= from);
  const carried = carriedMovements(
    before,
    frozen?.filter(({ at }) => at < from),
  );
  return [...carried, ...changes].map((movement) => ({ code: movement.code, person: personOf(holding, movement, names) }));
}

function personOf({ identity, billable, reason }: Holding, movement: Movement, names: NameBook): Person {
  const { at, delta, actor, eventId } = movement;
  const userName = nameNow(names.user(identity.customerCode, identity.userCode) ?? [])?.name;
  return {
    ...(identity.userCode !== '' && { userCode: identity.userCode, ...(userName !== undefined && { userName }) }),
    delta,
    at,
    actor,
    ...(actor.onBehalfOf !== undefined && { onBehalfOf: actor.onBehalfOf }),
    eventId,
    counted: billable,
    ...reasonOf(movement, reason),
  };
}

// The event of a change that the catalogue made is the one that the assignment stands on: say so.
function reasonOf(movement: Movement, unbillable: Holding['reason']): { reason?: string } {
  if (unbillable !== null) return { reason: unbillable };
  if (movement.code === 'LATE') return { reason: 'late' };
  return movement.code === 'REMAP' ? { reason: 'catalogue' } : {};
}

function waterfallOf(entries: readonly Entry[]): Explain['waterfall'] {
  return CODES.flatMap((code) => {
    const ofCode = entries.filter((entry) => entry.code === code);
    return ofCode.length === 0 ? [] : [{ code, quantity: sumOf(ofCode), count: ofCode.length }];
  });
}

function sumOf(entries: readonly Entry[]): Quantity {
  return sumQuantities(entries.map(({ person }) => person.delta));
}
