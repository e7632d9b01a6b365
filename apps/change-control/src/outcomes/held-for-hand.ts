import type { Outcome } from '@trueup/contracts';
import type { AgreementLineRow, StoredConnection } from '@trueup/control';

/** A line that is missing in the PSA waits for a person where the connection may create lines, but only by hand. */
export function heldForHand(row: AgreementLineRow, outcome: Outcome, connection: StoredConnection): AgreementLineRow {
  const { mayCreateLine, requireHand } = connection.settings;
  const isOfNewest = outcome.version === row.version && !row.isBlocked && !row.isPreview;
  const couldCreate = mayCreateLine && requireHand.create && row.change?.mayCreateLine === false;
  if (!isOfNewest || outcome.code !== 'LINE_MISSING' || outcome.kind !== 'rejected' || !couldCreate) return row;
  const message =
    'The PSA has no such line, and the connection wants a person to confirm every new one. Release the hold to create it';
  return { ...row, state: 'held', code: 'HELD', message, heldHash: row.contentHash };
}
