import { randomUUIDv7 } from 'node:crypto';
import { type CauseCode, type Outcome, type Resolution, type Step, laterOf, levelOn } from '@trueup/contracts';
import { offsetOn, subtractQuantities } from '@trueup/domain';
import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import type { AgreementLineId } from '../agreement-lines/agreement-line-parts.js';
import type { AgreementLineRow } from '../agreement-lines/agreement-line-row.js';
import { lockAgreementLines } from '../agreement-lines/agreement-line-store.js';
import type { DecisionMaker } from './decision-maker.js';
import { storeResolution } from './resolutions.js';

/** Why a resolution cannot be taken; `text` is for the person who asks. */
export interface Refusal<Reason extends string> {
  refused: Reason;
  text: string;
}

export type ResolutionRefusal = Refusal<'unknown' | 'not-looked-at' | 'quantity-not-taken' | 'quantity-needed' | 'bad-dates'>;

/**
 * Records what a person decided about an agreement line, together with the command that makes change-control act on it. `adopt` without
 * a quantity keeps what was last read in the PSA: the offset is theirs − rows. The days of `to` on have no offset any more.
 */
export async function resolveAgreementLine(
  tx: EntityManager,
  tenantId: string,
  id: AgreementLineId,
  resolution: Resolution,
  { actor, now, cause = 'MANUAL' }: DecisionMaker & { cause?: Extract<CauseCode, 'MANUAL' | 'PSA_DRIFT'> },
): Promise<{ ok: true; resolutionId: string } | ResolutionRefusal> {
  const [row] = await lockAgreementLines(tx, [id]);
  if (!row || row.tenantId !== tenantId) return { refused: 'unknown', text: 'There is no such agreement line' };
  const refusal = refusalOf(row, resolution);
  if (refusal) return refusal;
  const resolutionId = `res_${randomUUIDv7()}`;
  const { choice, reason, from, to = null } = resolution;
  const decided = { choice, cause, reason, from, to, actor, at: now };
  const found = choice === 'exclude' ? null : foundBy(row, resolution);
  const units = choice === 'adopt' ? offsetOf(row, resolution) : null;
  await storeResolution(tx, {
    id: resolutionId,
    tenantId,
    connectionId: row.connectionId,
    agreementLineKey: row.agreementLineKey,
    ...decided,
    units,
    found,
  });
  await appendCommand(tx, 'control', { tenantId, kind: 'resolve', payload: { resolutionId } });
  return { ok: true, resolutionId };
}

function refusalOf(row: AgreementLineRow, { choice, quantity, from, to }: Resolution): ResolutionRefusal | undefined {
  if (to !== undefined && (choice !== 'adopt' || to <= from)) {
    return { refused: 'bad-dates', text: 'Only an adopted offset has an end, and it lies after its beginning' };
  }
  if (choice === 'exclude') return undefined;
  const isUnreadable = row.held?.steps === 'unreadable';
  if (isUnreadable && quantity === undefined) {
    return { refused: 'quantity-needed', text: 'The quantity cannot be read there: say what the PSA holds' };
  }
  if (choice === 'overwrite' && quantity !== undefined && !isUnreadable) {
    return { refused: 'quantity-not-taken', text: 'An overwrite sends our own quantity; adopt another level instead' };
  }
  if (!row.held && quantity === undefined) {
    return { refused: 'not-looked-at', text: 'No connector has looked at the line yet: nothing is known to decide about' };
  }
  return undefined;
}

/** What the person saw, and so vouches for. */
function foundBy(row: AgreementLineRow, { quantity, from }: Resolution): { steps: Step[]; token?: string } | null {
  const held = row.held as NonNullable<Outcome['held']> | null;
  if (!held) return null;
  if (held.steps === 'unreadable') return { steps: [{ from, quantity: quantity! }] };
  return { steps: held.steps, ...(held.token !== undefined && { token: held.token }) };
}

/** The units beyond the rows from `from` on. */
function offsetOf(row: AgreementLineRow, { quantity, from }: Resolution): string {
  const held = row.held;
  if (!held || (quantity !== undefined && held.steps !== 'unreadable')) return quantity!;
  const day = laterOf(from, held.readAt.slice(0, 10));
  const rows = subtractQuantities(levelOn(row.steps, day), offsetOn(row.offsets, day));
  const theirs = held.steps === 'unreadable' ? quantity! : levelOn(held.steps, day);
  return subtractQuantities(theirs, rows);
}
