import { isRefusal, type AgreementLineRef, type Located, type Refusal } from '../connector/connector.js';
import { lastLevelOf } from '../connector/schedule.js';
import type { ClaimedLine } from '../ledger/ledger.js';
import type { OpenConnection } from './open-connection.js';
import type { Workplace } from './workplace.js';

export interface LocatedLine {
  line: ClaimedLine;
  located: Located<unknown>;
}

/** The lowerings of remaps whose other end is the same record of the PSA. */
export async function handedOver(
  place: Workplace,
  open: OpenConnection,
  lines: readonly LocatedLine[],
): Promise<ReadonlySet<ClaimedLine>> {
  const lowerings = lines.filter(({ line, located }) => isLowering(line) && located.recordIds.length > 0);
  if (lowerings.length === 0) return new Set();
  const ends = await place.connector.locate(
    lowerings.map(({ located }) => otherEnd(located.line)),
    open.psa,
  );
  return new Set(lowerings.filter(({ located }, i) => isSameRecord(located, ends[i]!)).map(({ line }) => line));
}

/** Whether the record that the line was found at may become its own: it belonged to the other end of its remap. */
export function mayTakeOver({ change: { remap }, key }: ClaimedLine, holder: string): boolean {
  return remap !== undefined && remap.to.agreementLineKey === key && remap.from.agreementLineKey === holder;
}

/** Whether the line has nothing left to do because the holder of its record took over from it. */
export function wasTakenOver({ change, baseline }: ClaimedLine, holder: string): boolean {
  return baseline?.handedTo === holder && lastLevelOf(change.steps) === '0';
}

function isLowering({ change: { remap, steps }, key }: ClaimedLine): boolean {
  return remap !== undefined && remap.from.agreementLineKey === key && lastLevelOf(steps) === '0';
}

function otherEnd(ref: AgreementLineRef): AgreementLineRef {
  const { agreementLineKey, billingIdentifier, agreementRef, productRef, siteRef } = ref.change.remap!.to;
  const { product } = ref.change;
  const there = {
    agreementLineKey,
    account: { billingIdentifier },
    agreementRef,
    product: { ...product, ref: productRef },
    siteRef,
  };
  return { ...ref, key: agreementLineKey, change: { ...ref.change, ...there } };
}

function isSameRecord({ recordIds }: Located<unknown>, end: Located<unknown> | Refusal): boolean {
  return !isRefusal(end) && end.recordIds.some((id) => recordIds.includes(id));
}
