import { type Quantity, levelOn } from '@trueup/contracts';
import type { AgreementLinePart, AgreementLineRow, CountedAgreementLine, LineLook, LineTally } from '@trueup/control';
import { type CountedLine, addQuantities, largerQuantity, removedSince, subtractQuantities, sumQuantities } from '@trueup/domain';
import type { TenantDay } from '../tenant-day.js';
import type { Candidate } from './draft-line.js';
import { lastLevel } from './sum-parts.js';

/** What a candidate would be released with but for its floor, for the guards of this run and the next. */
export function lookAt({ row, parts }: Pick<Candidate, 'row' | 'parts'>): LineLook {
  const removed: Record<string, Quantity> = {};
  for (const period of parts.flatMap((part) => part.periods)) {
    removed[period.id] = addQuantities(removed[period.id] ?? '0', period.removed ?? '0');
  }
  const movedAway = parts.filter(isMovedAway).map((part) => part.lineKey);
  return { level: subtractQuantities(lastLevel(row.steps), row.floorUnits), removed, movedAway };
}

function isMovedAway(part: AgreementLinePart): boolean {
  return !part.isCurrent && !part.isLeft;
}

/** What the line had when the day's run began: as released before, else as the PSA showed it. */
export function openingOf(row: AgreementLineRow, look: LineLook, { today }: TenantDay): LineLook {
  if (row.tally?.day === today) return row.tally.opening;
  if (row.tally?.released) return row.tally.released;
  const theirs = row.held && row.held.steps !== 'unreadable' ? levelOn(row.held.steps, today) : '0';
  return { ...look, level: theirs };
}

/** The most that was released in the day's run. */
export function highestOf(row: AgreementLineRow, look: LineLook, day: TenantDay): Quantity {
  const opening = openingOf(row, look, day).level;
  return row.tally?.day === day.today ? largerQuantity(opening, row.tally.highest) : opening;
}

/** The candidate as guards count it. */
export function countCandidate(candidate: Candidate, day: TenantDay): CountedLine {
  const { row, parts, connection } = candidate;
  const wanted = lookAt(candidate);
  const customerCodes = parts.filter((part) => !part.isLeft).map((part) => part.customerCode);
  const counts = { opening: openingOf(row, wanted, day), highest: highestOf(row, wanted, day), wanted };
  return counted({ ...row, customerCodes: [...new Set(customerCodes)] }, counts, connection.settings.counting === 'active');
}

/** Another line of the connection: as it was decided in this run, or unchanged. */
export function countOther(line: CountedAgreementLine, day: TenantDay, isActive: boolean): CountedLine {
  const { tally } = line;
  const level = tally.released?.level ?? '0';
  if (tally.day === day.today) return counted(line, tally, isActive);
  return { ...placeOf(line), opening: level, level, highest: level, explained: '0' };
}

/** Whoever counts a whole period lowers a line after the period of the removal: there removals explain whenever they were. */
function counted(line: Place, counts: Pick<LineTally, 'opening' | 'highest' | 'wanted'>, isActive: boolean): CountedLine {
  const { opening, highest, wanted } = counts;
  const hasMoved = wanted.movedAway.some((key) => !opening.movedAway.includes(key));
  const removed = sumQuantities(removedSince(isActive ? opening.removed : {}, wanted.removed));
  const explained = hasMoved ? highest : removed;
  return { ...placeOf(line), opening: opening.level, level: wanted.level, highest, explained };
}

type Place = Pick<CountedLine, 'agreementLineKey' | 'connectionId' | 'billingIdentifier' | 'sku' | 'customerCodes'>;

function placeOf({ agreementLineKey, connectionId, billingIdentifier, sku, customerCodes }: Place): Place {
  return { agreementLineKey, connectionId, billingIdentifier, sku, customerCodes };
}
