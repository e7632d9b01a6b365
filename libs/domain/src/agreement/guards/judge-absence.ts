import type { Guard, Quantity } from '@trueup/contracts';
import { compareQuantities, subtractQuantities, sumQuantities } from '../../quantity-math.js';
import { type CountedLine, type Trip, atLeastZero, isInScope, unexplainedUnits } from './counted-line.js';
import { WAY_OUT } from './judge-line.js';
import { isAboveLimit, wordsOfLimit } from './limits.js';

/** Limits that hold for a connection for which nobody set others. */
export const DEFAULT_ABSENCE: Readonly<Record<'max-zeroes' | 'max-absent', Guard>> = {
  'max-zeroes': { id: 'built-in', scope: {}, kind: 'max-zeroes', value: '50' },
  'max-absent': { id: 'built-in', scope: {}, kind: 'max-absent', unit: 'percent', value: '20' },
};

/** A share of so few units says nothing: the built-in percentage counts from here on. */
const FEW_UNITS = '10';

/** What went missing in a run without an event behind it. */
interface Absence {
  /** Lines that lost units without an event, in accounts that did not get them back on other lines. */
  missing: CountedLine[];
  lowered: Quantity;
  /** Accounts that would hold nothing any more. */
  emptied: ReadonlySet<string>;
}

/** What absence alone must not do: empty an account, zero many lines or lower a large share of the connection. By line key. */
export function judgeAbsence(lines: readonly CountedLine[], guards: readonly Guard[]): Map<string, Trip> {
  const trips = new Map<string, Trip>();
  for (const guard of absenceGuards(guards)) {
    const inScope = lines.filter((line) => isInScope(guard, line));
    const absence = absenceOf(inScope);
    const message = tooMuch(guard, inScope, absence);
    if (message === undefined) continue;
    const trip: Trip = { code: 'GUARD_TRIPPED', message: `${message} (guard ${guard.id}). ${WAY_OUT}` };
    for (const line of absence.missing) trips.set(line.agreementLineKey, trip);
  }
  const { missing, emptied } = absenceOf(lines);
  for (const line of missing) if (emptied.has(line.billingIdentifier)) trips.set(line.agreementLineKey, emptyTrip(line));
  return trips;
}

function absenceGuards(guards: readonly Guard[]): Guard[] {
  const set = guards.filter(({ kind }) => kind === 'max-zeroes' || kind === 'max-absent');
  const isForAll = ({ scope }: Guard): boolean => !scope.customerCode && !scope.sku && !scope.agreementLineKey;
  const missing = Object.values(DEFAULT_ABSENCE).filter(({ kind }) => !set.some((one) => one.kind === kind && isForAll(one)));
  return [...set, ...missing];
}

// What one line of an account loses and another gets (another plan, another sku) is no absence.
function absenceOf(lines: readonly CountedLine[]): Absence {
  const accounts = [...Map.groupBy(lines, (line) => line.billingIdentifier)].map(([account, own]) => {
    const lost = sumQuantities(own.map(unexplainedUnits));
    const gained = sumQuantities(own.map(({ highest, level }) => atLeastZero(subtractQuantities(level, highest))));
    const isEmpty = own.every((line) => line.level === '0');
    return { account, own, lowered: atLeastZero(subtractQuantities(lost, gained)), isEmpty };
  });
  const lowering = accounts.filter(({ lowered }) => lowered !== '0');
  return {
    missing: lowering.flatMap(({ own }) => own.filter((line) => unexplainedUnits(line) !== '0')),
    lowered: sumQuantities(lowering.map(({ lowered }) => lowered)),
    emptied: new Set(lowering.filter(({ isEmpty }) => isEmpty).map(({ account }) => account)),
  };
}

function tooMuch(guard: Guard, lines: readonly CountedLine[], { missing, lowered }: Absence): string | undefined {
  if (guard.kind === 'max-zeroes') {
    const zeroes = missing.filter((line) => line.level === '0').length;
    if (zeroes <= Number(guard.value)) return undefined;
    return `${zeroes} lines go to 0 in one run without a removal behind each, ${guard.value} may`;
  }
  const before = sumQuantities(lines.map((line) => line.highest));
  const isTooFew = guard === DEFAULT_ABSENCE['max-absent'] && compareQuantities(lowered, FEW_UNITS) <= 0;
  if (isTooFew || !isAboveLimit(guard, lowered, before)) return undefined;
  return `${lowered} of ${before} units go in one run without a removal behind each, more than ${wordsOfLimit(guard)}`;
}

function emptyTrip({ highest, billingIdentifier }: CountedLine): Trip {
  const message = `${highest} → 0: account ${billingIdentifier} would hold nothing, and no removal says so. ${WAY_OUT}`;
  return { code: 'PERIOD_EMPTY', message };
}
