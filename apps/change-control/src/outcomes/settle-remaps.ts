import type { Outcome } from '@trueup/contracts';
import { noteTaken, remapsOf } from '@trueup/control';
import { dayTaken, isConfirmed } from '@trueup/domain';
import type { EntityManager } from 'typeorm';
import { followRemaps } from '../decide/follow-remaps.js';

/** What came of an old agreement line decides about the lines that leave it: a confirmed lowering lets them begin at the new place. */
export async function settleRemaps(tx: EntityManager, outcomes: readonly Outcome[]): Promise<void> {
  const remaps = await remapsOf(tx, outcomes);
  for (const outcome of outcomes) {
    const leaving = remaps.filter(
      (one) => one.fromKey === outcome.agreementLineKey && one.connectionId === outcome.connectionId && one.takenOn === null,
    );
    const lowered = leaving.filter(({ loweredVersion }) => loweredVersion !== null && outcome.version >= loweredVersion);
    if (isConfirmed(outcome.kind, outcome.isPreview ?? false)) {
      for (const { id, movedFrom } of lowered) await noteTaken(tx, id, dayTaken(outcome.writes ?? [], movedFrom));
    }
    await followRemaps(tx, outcome.tenantId, leaving);
  }
}
