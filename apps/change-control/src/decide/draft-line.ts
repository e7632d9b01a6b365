import type { Guard } from '@trueup/contracts';
import type { AgreementLineRow, ConfirmedPart, Remap, StoredConnection } from '@trueup/control';
import { type LateSplit, isInScope } from '@trueup/domain';
import type { TenantDay } from '../tenant-day.js';
import { contentHashOf } from './content-of.js';
import { openRemapTo, remappedParts } from './remapped-parts.js';
import { lateSplitOf, sumParts } from './sum-parts.js';

const WAITS_UNTIL_ACCOUNT = 'Waits until account';

export interface DraftInput {
  row: AgreementLineRow;
  parts: readonly ConfirmedPart[];
  /** Absent when the connection was removed. */
  connection: StoredConnection | undefined;
  guards: readonly Guard[];
  /** Lines that come here or leave. */
  remaps: readonly Remap[];
  day: TenantDay;
  /** Release again though nothing differs: a new epoch, a run, a decision. */
  isForced: boolean;
  /** An earlier period that is to be brought; absent: everything. */
  periodId?: string;
}

/** A version that is to go out unless a guard holds it. */
export interface Candidate {
  row: AgreementLineRow;
  parts: readonly ConfirmedPart[];
  connection: StoredConnection;
  contentHash: string;
  /** The tenant's guards that are about this line. */
  guards: readonly Guard[];
  remaps: readonly Remap[];
}

export interface Draft {
  row: AgreementLineRow;
  candidate?: Candidate;
  /** What late events changed in confirmed periods. */
  late: Pick<LateSplit, 'scheduled' | 'listed'>;
}

/** Sums the parts. `candidate` is absent when there is nothing to release, or when something but a guard stands in its way. */
export function draftLine(input: DraftInput): Draft {
  const { row, connection, remaps } = input;
  // What is only looked at waits for nothing.
  const isGated = connection?.mode === 'auto';
  const parts = isGated ? remappedParts(row, input.parts, remaps) : input.parts;
  const draft = draftFrom({ ...input, parts }, isGated);
  return { ...draft, late: lateIn({ ...input, parts, row: draft.row }) };
}

/** Nothing is written for a line that is abandoned: what came late there is for a person. */
function lateIn(input: DraftInput): Draft['late'] {
  const { row, parts, connection, day } = input;
  if (!connection || row.isExcluded) return { scheduled: [], listed: [] };
  const { scheduled, listed } = lateSplitOf({ row, parts, connection, floors: floorsOf(input), day });
  const isAbandoned = row.isBlocked && row.state === 'abandoned';
  return isAbandoned ? { scheduled: [], listed: [...listed, ...scheduled] } : { scheduled, listed };
}

function draftFrom(input: DraftInput, isGated: boolean): Pick<Draft, 'row' | 'candidate'> {
  const { row, parts, connection, day, remaps } = input;
  if (!connection || parts.every((part) => part.isLeft)) return { row: blocked(row, 'abandoned', null, null, day) };
  if (parts.some((part) => part.isClaimedTwice)) {
    const message = 'Another agreement line claims the same units; neither is written';
    return { row: blocked(row, 'held', 'LINE_CLAIMED_TWICE', message, day) };
  }
  const guards = guardsOf(input);
  const summed = sumParts({ row, parts, connection, floors: floorsOf(input), day, periodId: input.periodId });
  if (summed.isExcluded) return { row: blocked(summed, 'excluded', null, null, day) };
  if (isNeverNeeded(summed, parts)) return { row: blocked(summed, 'abandoned', null, null, day) };
  const waitsFor = isGated ? openRemapTo(row, remaps) : undefined;
  if (waitsFor && summed.steps.every((step) => step.quantity === '0')) return { row: waiting(summed, waitsFor, day) };
  const contentHash = contentHashOf(summed, connection);
  const isOnlySeen = isGated && row.isPreview;
  const isWanted =
    input.isForced ||
    row.isBlocked ||
    row.waitsUntil !== null ||
    row.version === 0 ||
    isOnlySeen ||
    (!waitsFor && isWaiting(row)) ||
    row.contentHash !== contentHash;
  if (!isWanted || summed.writesFrom! > day.today) {
    return { row: waitsFor ? waiting(summed, waitsFor, day) : { ...summed, isBlocked: false } };
  }
  return { row: summed, candidate: { row: summed, parts, connection, contentHash, guards, remaps } };
}

/** The raise of a remap is held, rejected or by hand for as long as its lowering is. */
function waiting(row: AgreementLineRow, { from, fromState, fromCode }: Remap, day: TenantDay): AgreementLineRow {
  const isStuck = ['held', 'rejected', 'manual'].includes(fromState);
  const [state, code] = isStuck ? [fromState, fromCode] : (['pending', null] as const);
  const message = `${WAITS_UNTIL_ACCOUNT} ${from.billingIdentifier} has let its units go`;
  const isSame = row.state === state && row.message === message;
  return { ...row, state, code, message, stateAt: isSame ? row.stateAt : day.at, isBlocked: false };
}

/** Then it is released although its content is what was released last: nobody brought that about while the line waited. */
function isWaiting({ message }: AgreementLineRow): boolean {
  return message?.startsWith(WAITS_UNTIL_ACCOUNT) ?? false;
}

function guardsOf({ row, parts, guards }: DraftInput): Guard[] {
  const customerCodes = parts.filter((part) => !part.isLeft).map((part) => part.customerCode);
  return guards.filter((guard) => isInScope(guard, { ...row, customerCodes }));
}

function floorsOf(input: DraftInput): Guard[] {
  return guardsOf(input).filter((guard) => guard.kind === 'floor');
}

/** Nothing was released here, no line is billed here now, and none was in the time that counts. */
function isNeverNeeded(row: AgreementLineRow, parts: readonly ConfirmedPart[]): boolean {
  return row.version === 0 && !parts.some((part) => part.isCurrent) && row.steps.every((step) => step.quantity === '0');
}

function blocked(
  row: AgreementLineRow,
  state: AgreementLineRow['state'],
  code: AgreementLineRow['code'],
  message: string | null,
  day: TenantDay,
): AgreementLineRow {
  const isSame = row.isBlocked && row.state === state && row.code === code;
  const cleared = { ...row, heldHash: null, waitsUntil: null };
  return isSame ? cleared : { ...cleared, state, code, message, stateAt: day.at, isBlocked: true };
}
