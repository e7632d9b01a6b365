import type { AgreementLineRow, ConfirmedPart, ReleasedPart } from '@trueup/control';

export interface DecidedParts {
  row: AgreementLineRow;
  parts: readonly ConfirmedPart[];
  isReleased: boolean;
}

/** What each part adds to the newest version: of a release, or of a sum that stayed as it was delivered though its parts changed. */
export function releasedParts({ row, parts, isReleased }: DecidedParts): ReleasedPart[] {
  const isDelivered = row.state === 'delivered' && row.deliveredVersion === row.version && !isReleased;
  if (!isReleased && !isDelivered) return [];
  const { connectionId, agreementLineKey } = row;
  return parts.map(({ lineKey, steps }) => ({ connectionId, agreementLineKey, lineKey, steps, isDelivered }));
}
