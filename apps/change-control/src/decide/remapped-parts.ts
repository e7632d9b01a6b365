import type { ChangeStep, QuantityChange } from '@trueup/contracts';
import type { AgreementLineRow, ConfirmedPart, Remap } from '@trueup/control';
import { stepsSince, withheldSteps } from '@trueup/domain';

/** The parts as they may be written: a line that moves here counts once its old agreement line has let it go, and from that day on. */
export function remappedParts(row: AgreementLineRow, parts: readonly ConfirmedPart[], remaps: readonly Remap[]): ConfirmedPart[] {
  return parts.map((part) => {
    const remap = remaps.find((one) => one.toKey === row.agreementLineKey && one.lineKey === part.lineKey);
    if (!remap) return part;
    const { movedFrom, takenOn } = remap;
    const counting = (steps: readonly ChangeStep[]): ChangeStep[] =>
      takenOn === null ? withheldSteps(steps, movedFrom) : stepsSince(steps, movedFrom, takenOn);
    const { steps, restated, confirmed } = part;
    return {
      ...part,
      steps: counting(steps),
      restated: restated && counting(restated),
      confirmed: confirmed && inPeriods(counting(confirmed)),
    };
  });
}

/** Confirmed steps say nothing about days after their period. */
function inPeriods(steps: readonly ChangeStep[]): ChangeStep[] {
  return steps.filter((step) => step.from <= step.periodId);
}

/** The lowering that the agreement line waits for before it may be raised. */
export function openRemapTo(row: AgreementLineRow, remaps: readonly Remap[]): Remap | undefined {
  return remaps.find((one) => one.toKey === row.agreementLineKey && one.takenOn === null);
}

/** Lowerings of this agreement line that no version carries yet. */
export function lowerings(row: AgreementLineRow, remaps: readonly Remap[]): Remap[] {
  return remaps.filter((one) => one.fromKey === row.agreementLineKey && one.loweredVersion === null);
}

/** The newest remap that the agreement line takes part in, as the change tells it. */
export function remapOf(row: AgreementLineRow, remaps: readonly Remap[]): QuantityChange['remap'] {
  const remap = remaps.findLast(({ fromKey, toKey }) => [fromKey, toKey].includes(row.agreementLineKey));
  return remap && { remapId: remap.id, from: toPlace(remap.from), to: toPlace(remap.to) };
}

function toPlace({ agreementLineKey, billingIdentifier, agreementRef, productRef, siteRef }: Remap['from']): Remap['from'] {
  const refs = { ...(agreementRef && { agreementRef }), ...(siteRef && { siteRef }) };
  return { agreementLineKey, billingIdentifier, productRef, ...refs } as Remap['from'];
}
