import { type QuantityChange, changeIdOf } from '@trueup/contracts';
import type { AgreementLineRow } from '@trueup/control';
import { type Trip, largerQuantity, spend } from '@trueup/domain';
import type { TenantDay } from '../tenant-day.js';
import { identityOf } from './content-of.js';
import { highestOf, lookAt, openingOf } from './count-line.js';
import { type Delay, hasNewCause } from './delay-candidates.js';
import type { Candidate } from './draft-line.js';
import { remapOf } from './remapped-parts.js';
import { lastLevel } from './sum-parts.js';

/** Versions that only looked are not used again. */
export function nextVersionOf({ version, previewedVersion }: AgreementLineRow): number {
  return Math.max(version, previewedVersion) + 1;
}

/** The next version of an agreement line. */
export function releaseCandidate(
  candidate: Candidate,
  day: TenantDay,
  runId?: string,
): { row: AgreementLineRow; change: QuantityChange } {
  const { row, connection, contentHash } = candidate;
  const version = nextVersionOf(row);
  const change = changeOf(candidate, version, runId);
  const isPreview = connection.mode !== 'auto';
  const acceptFound = row.acceptFound && { since: version, ...row.acceptFound };
  const release = { version, acceptFound, isPreview, releasedEpoch: connection.epoch, contentHash, change };
  const waiting = {
    state: 'pending',
    code: null,
    message: null,
    stateAt: day.at,
    isBlocked: false,
    heldHash: null,
    waitsUntil: null,
  } as const;
  const noOutcome = { outcomeKind: null, outcomeIsFinal: false, deferredUntil: null };
  const look = lookAt(candidate);
  const isAllowed = row.allowedHash === contentHash;
  const opening = isAllowed ? look : openingOf(row, look, day);
  const highest = isAllowed ? look.level : largerQuantity(highestOf(row, look, day), look.level);
  // A preview is no release: it leaves what guards count as it is.
  const tally = isPreview ? row.tally : { day: day.today, opening, highest, wanted: look, released: look };
  const isAgain = !isPreview && !hasNewCause(row, candidate.parts);
  const spent = isAgain ? spend(row.spentBudget, day.today) : row.spentBudget;
  return { row: { ...row, ...release, ...waiting, ...noOutcome, tally, spentBudget: spent }, change };
}

/** The agreement line as a guard holds it, with the reason and the content that a person may let pass. */
export function holdCandidate(candidate: Candidate, trip: Trip, day: TenantDay): AgreementLineRow {
  const { row, contentHash } = candidate;
  const look = lookAt(candidate);
  const tally = {
    day: day.today,
    opening: openingOf(row, look, day),
    highest: highestOf(row, look, day),
    wanted: look,
    released: row.tally?.released ?? null,
  };
  const isSame = row.heldHash === contentHash && row.code === trip.code;
  const stateAt = isSame ? row.stateAt : day.at;
  return { ...row, state: 'held', ...trip, stateAt, isBlocked: true, heldHash: contentHash, waitsUntil: null, tally };
}

/** The agreement line while a guard has it wait: nobody has to act, and what comes meanwhile goes out with it. */
export function delayCandidate({ row }: Candidate, { until, code, message }: Delay, day: TenantDay): AgreementLineRow {
  const isSame = row.waitsUntil !== null && row.code === code;
  const waiting = { state: 'pending', code, message, stateAt: isSame ? row.stateAt : day.at } as const;
  return { ...row, ...waiting, isBlocked: false, heldHash: null, waitsUntil: until };
}

function changeOf(
  { row, parts, connection, contentHash, remaps }: Candidate,
  version: number,
  runId: string | undefined,
): QuantityChange {
  const { mayCreateLine, requireHand, prorate, onDrift } = connection.settings;
  const remap = remapOf(row, remaps);
  const isByHand = connection.mode !== 'auto' || !requireHand.create || row.allowedHash === contentHash;
  return {
    ...identityOf(row),
    changeId: changeIdOf(row.connectionId, row.agreementLineKey, version),
    epoch: connection.epoch,
    agreementLineKey: row.agreementLineKey,
    lineRef: row.lineRef,
    version,
    product: { ref: row.productRef, sku: row.sku },
    description: row.sku,
    steps: row.steps,
    parts: parts.map(({ lineKey, targetVersion, steps }) => ({ lineKey, targetVersion, quantity: lastLevel(steps) })),
    ...{ mayCreateLine: mayCreateLine && isByHand, prorate, onDrift, writesFrom: row.writesFrom! },
    ...(remap && { remap }),
    ...(runId !== undefined && { runId }),
    ...(row.acceptFound && { acceptFound: { ...vouchedFor(row.acceptFound), since: row.acceptFound.since ?? version } }),
  };
}

function vouchedFor({ steps, token }: NonNullable<AgreementLineRow['acceptFound']>): NonNullable<QuantityChange['acceptFound']> {
  return { steps, ...(token !== undefined && { token }) };
}
