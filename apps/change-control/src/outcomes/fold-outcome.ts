import { FINAL_OUTCOMES, type Outcome, type PlainDate, canonicalJson, changeIdOf, laterOf, levelOn } from '@trueup/contracts';
import type { AgreementLineRow } from '@trueup/control';
import { isConfirmed, isEqualBaseline, stateAfterOutcome } from '@trueup/domain';

/** Whether the outcome is of a version that was released, or previewed, for this agreement line. */
export function isOfKnownVersion(row: AgreementLineRow, outcome: Outcome): boolean {
  const { connectionId, agreementLineKey, version, changeId } = outcome;
  return (
    version > 0 &&
    version <= Math.max(row.version, row.previewedVersion) &&
    changeId === changeIdOf(connectionId, agreementLineKey, version)
  );
}

/**
 * What an outcome makes of its agreement line. State follows the newest release alone; what the PSA holds and what was confirmed
 * there counts whatever version showed it, unless a newer one has said more. `dateOf` gives the tenant's local day of an instant.
 */
export function foldOutcome(row: AgreementLineRow, outcome: Outcome, dateOf: (instant: string) => PlainDate): AgreementLineRow {
  // A run only looked: its log tells what came of it.
  if (outcome.version > row.version) return row;
  const withBaseline = foldBaseline(row, outcome, dateOf);
  if (outcome.version < row.outcomeVersion) return withBaseline;
  const withFacts = foldFacts(withBaseline, outcome);
  return outcome.version === row.version ? foldState(withFacts, outcome) : withFacts;
}

function foldBaseline(row: AgreementLineRow, outcome: Outcome, dateOf: (instant: string) => PlainDate): AgreementLineRow {
  const { baseline } = outcome;
  if (!baseline || row.baseline) return row;
  const day = dateOf(baseline.at);
  return { ...row, baseline, adoptedFrom: isAdopted(row, outcome, day) ? day : null };
}

// The schedule of an older version is gone here: there the connector's own judgement counts.
function isAdopted(row: AgreementLineRow, outcome: Outcome, day: PlainDate): boolean {
  const theirs = outcome.baseline?.steps ?? [];
  if (outcome.version === row.version) return isEqualBaseline(row.steps, theirs, day);
  return outcome.code !== 'DIFFERS_AT_START' && levelOn(theirs, day) !== '0';
}

function foldFacts(row: AgreementLineRow, outcome: Outcome): AgreementLineRow {
  const seen = { ...row, outcomeVersion: outcome.version, held: outcome.held ?? row.held };
  const isPreview = outcome.isPreview ?? row.isPreview;
  return isConfirmed(outcome.kind, isPreview) ? confirmed(seen, outcome) : seen;
}

/** Whether what the newest version carries is still what its parts make of the line: a guard may hold back something newer. */
export function isAsReleased({ change, steps, writesFrom }: AgreementLineRow): boolean {
  return change !== null && change.writesFrom === writesFrom && canonicalJson(change.steps) === canonicalJson(steps);
}

function confirmed(row: AgreementLineRow, outcome: Outcome): AgreementLineRow {
  const isNewest = outcome.version === row.version;
  const through = isNewest && isAsReleased(row) ? row.closedThrough : null;
  const isVouched = row.acceptFound?.since !== undefined && outcome.version >= row.acceptFound.since;
  return {
    ...row,
    acceptFound: isVouched ? null : row.acceptFound,
    deliveredQuantity: (isNewest ? (row.change ?? row).steps.at(-1)?.quantity : lastSeen(outcome)) ?? row.deliveredQuantity,
    deliveredAt: new Date(outcome.at),
    deliveredVersion: outcome.version,
    receipt: outcome.writes && outcome.writes.length > 0 ? outcome.writes : row.receipt,
    confirmedThrough:
      through && row.confirmedThrough ? laterOf(through, row.confirmedThrough) : (through ?? row.confirmedThrough),
  };
}

function lastSeen({ writes, held }: Outcome): string | undefined {
  const written = [...(writes ?? [])].sort((a, b) => (a.effectiveDate < b.effectiveDate ? -1 : 1)).at(-1)?.after;
  return written ?? (held && held.steps !== 'unreadable' ? held.steps.at(-1)?.quantity : undefined);
}

function foldState(row: AgreementLineRow, outcome: Outcome): AgreementLineRow {
  const { kind, code, message, at, until } = outcome;
  const progress = {
    outcomeKind: kind,
    outcomeIsFinal: FINAL_OUTCOMES.has(kind),
    deferredUntil: kind === 'deferred' ? (until ?? null) : null,
  };
  const state = stateAfterOutcome(kind, outcome.isPreview ?? row.isPreview);
  if (state === null || row.isBlocked || row.waitsUntil !== null) return { ...row, ...progress };
  return { ...row, ...progress, state, code, message, stateAt: new Date(at) };
}
