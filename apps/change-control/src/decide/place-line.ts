import type { AgreementLineIdentity, ChangeStep, LinePeriod, PlainDate } from '@trueup/contracts';
import type { AgreementLinePart, NewAgreementLine, PlacedPart, StoredConnection, StoredPart } from '@trueup/control';
import {
  type ConnectionMappings,
  type Contribution,
  type PartPeriod,
  type Unmapped,
  addQuantities,
  contributionsOf,
  payerCodesOf,
  subtractQuantities,
} from '@trueup/domain';

/** Where a line is billed from now on: its parts, the agreement lines that they need, or why there is none. */
export interface PlacedLine {
  lineKey: string;
  code: Unmapped | null;
  parts: AgreementLinePart[];
  agreementLines: NewAgreementLine[];
  /** Where it is billed now, and the agreement line of the same connection that it leaves for that. */
  moves: { from: string; to: AgreementLinePart; since: PlainDate }[];
}

/** The rows of one connection that can concern a line paid under these codes. */
export type MappingsOf = (connectionId: string, payerCodes: readonly string[], sku: string) => ConnectionMappings;

/**
 * Places a line in every connection. Where its mapping is gone its part stays as it was, marked as left: nothing is written for it.
 * Where it moved, the old agreement line gets its units until then and 0 after. Billed on two connections at once it is claimed twice.
 */
export function placeLine(
  stored: StoredPart,
  existing: readonly PlacedPart[],
  connections: readonly StoredConnection[],
  mappingsOf: MappingsOf,
  today: string,
): PlacedLine {
  const codes = payerCodesOf(stored.target);
  const results = connections.map((connection) => ({
    connection,
    result: contributionsOf(stored.target, mappingsOf(connection.id, codes, stored.sku), connection.settings, today),
  }));
  const mapped = results.flatMap(({ result }) => (typeof result === 'string' ? [] : [result]));
  const isBilledBy = mapped.filter((contributions) => contributions.some(({ isCurrent }) => isCurrent)).length;
  const isClaimedTwice = isBilledBy > 1;
  const placed = mapped.flat().flatMap((contribution) => partOf(stored, contribution, existing, isClaimedTwice));
  const onMapped = new Set(mapped.flat().map(({ place }) => place.connectionId));
  const others = existing.filter((part) => !placed.some((one) => isSamePlace(one, part)));
  const rest = others.map((part) => (onMapped.has(part.connectionId) ? movedAway(stored, part) : leftAsDelivered(part)));
  return {
    lineKey: stored.lineKey,
    code: isBilledBy > 0 ? null : reasonOf(results.map(({ result }) => result)),
    moves: movesOf(placed, mapped.flat(), existing),
    parts: withDoubtfulMoves([...placed, ...rest], mapped.flat(), existing),
    agreementLines: mapped.flat().map(({ place }) => ({ ...place, tenantId: stored.tenantId, sku: stored.sku })),
  };
}

function movesOf(
  placed: readonly AgreementLinePart[],
  contributions: readonly Contribution[],
  existing: readonly PlacedPart[],
): PlacedLine['moves'] {
  const sinceOf = (to: AgreementLinePart): PlainDate => contributions.find(({ place }) => isSamePlace(place, to))!.since;
  return placed
    .filter((part) => part.isCurrent)
    .flatMap((to) =>
      existing
        .filter((part) => part.connectionId === to.connectionId && part.isCurrent && !part.isLeft && !isSamePlace(part, to))
        .map((part) => ({ from: part.agreementLineKey, to, since: sinceOf(to) })),
    );
}

function partOf(
  stored: StoredPart,
  contribution: Contribution,
  existing: readonly AgreementLinePart[],
  isClaimedTwice: boolean,
): AgreementLinePart[] {
  const { place, mappedFrom, steps, restated, isCurrent } = contribution;
  const before = existing.find((part) => isSamePlace(part, place));
  // What was left once stays as the PSA has it, until the line comes back.
  if (before?.isLeft && !isCurrent) return [before];
  const { connectionId, agreementLineKey } = place;
  const identity = {
    connectionId,
    agreementLineKey,
    lineKey: stored.lineKey,
    tenantId: stored.tenantId,
    customerCode: stored.customerCode,
  };
  const state = { isCurrent, isLeft: false, isClaimedTwice: isClaimedTwice && isCurrent };
  return [
    {
      ...identity,
      targetVersion: stored.target.targetVersion,
      mappedFrom,
      steps,
      restated,
      periods: periodsOf(stored),
      ...state,
    },
  ];
}

function movedAway(stored: StoredPart, part: AgreementLinePart): AgreementLinePart {
  if (part.isLeft) return part;
  const steps = stored.target.periods.map(({ start, id }): ChangeStep => ({ from: start, quantity: '0', periodId: id }));
  const { targetVersion } = stored.target;
  return { ...part, targetVersion, steps, restated: null, periods: periodsOf(stored), isCurrent: false, isClaimedTwice: false };
}

/** Nothing is written for it any more, so it stays as the PSA has it; what waited to be written never will be. */
function leftAsDelivered(part: PlacedPart): AgreementLinePart {
  if (part.isLeft) return part;
  const { delivered, isAgreementLineDelivered, restated } = part;
  const asDelivered = isAgreementLineDelivered ? { steps: part.steps, restated } : { steps: delivered ?? [], restated: null };
  return { ...part, ...asDelivered, isCurrent: false, isLeft: true, isClaimedTwice: false };
}

/**
 * A line that moves between an agreement named in its mapping and the one that the connector found by itself may stay on one and the
 * same record of the PSA. Lowering it there and raising it here would take the units away, so neither moves.
 */
function withDoubtfulMoves(
  parts: readonly AgreementLinePart[],
  contributions: readonly Contribution[],
  existing: readonly PlacedPart[],
): AgreementLinePart[] {
  const pairs = contributions.flatMap(({ place, isCurrent }) =>
    existing
      .filter((part) => isCurrent && part.isSeen && !part.isLeft && isPerhapsOneRecord(part, place))
      .map((part) => [part, place] as const),
  );
  const doubtful = pairs.flat();
  return parts.map((part) => (doubtful.some((one) => isSamePlace(one, part)) ? { ...part, isClaimedTwice: true } : part));
}

function isPerhapsOneRecord(a: AgreementLineIdentity, b: AgreementLineIdentity): boolean {
  const isSameElse = a.billingIdentifier === b.billingIdentifier && a.productRef === b.productRef && a.siteRef === b.siteRef;
  const isNamedOnce = (a.agreementRef === '') !== (b.agreementRef === '');
  return a.connectionId === b.connectionId && isSameElse && isNamedOnce;
}

function periodsOf(stored: StoredPart): PartPeriod[] {
  return stored.target.periods.map(({ id, start, end, state, ...counts }) => ({
    id,
    start,
    end,
    state,
    removed: removedIn(counts),
  }));
}

/** A removal that came after the period was closed shows in what the period should have been. */
function removedIn({ removed, steps, restated }: Pick<LinePeriod, 'removed' | 'steps' | 'restated'>): string {
  if (!restated) return removed;
  const late = subtractQuantities(steps.at(-1)!.quantity, restated.steps.at(-1)!.quantity);
  return addQuantities(removed, late.startsWith('-') ? '0' : late);
}

function reasonOf(results: readonly (Contribution[] | Unmapped)[]): Unmapped {
  return results.includes('PRODUCT_NOT_FOUND') ? 'PRODUCT_NOT_FOUND' : 'CUSTOMER_UNMAPPED';
}

function isSamePlace(
  a: { connectionId: string; agreementLineKey: string },
  b: { connectionId: string; agreementLineKey: string },
): boolean {
  return a.connectionId === b.connectionId && a.agreementLineKey === b.agreementLineKey;
}
