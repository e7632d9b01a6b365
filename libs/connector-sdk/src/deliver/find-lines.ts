import { isRefusal, type Held, type Located, type Refusal } from '../connector/connector.js';
import type { ClaimedLine } from '../ledger/ledger.js';
import { localDay } from './due-times.js';
import { LineDesk } from './line-desk.js';
import type { OpenConnection } from './open-connection.js';
import { agreementLineRef, placeKeyOf } from './place.js';
import { handedOver, mayTakeOver, wasTakenOver, type LocatedLine } from './remap-ends.js';
import type { Workplace } from './workplace.js';

export interface Found {
  desks: LineDesk[];
  refused: { line: ClaimedLine; refusal: Refusal }[];
}

interface Place extends LocatedLine {
  isHandedOver: boolean;
}

/** Locates and reads all lines of a pass in bulk. Throws what the PSA's calls throw. */
export async function findLines(place: Workplace, open: OpenConnection, lines: readonly ClaimedLine[]): Promise<Found> {
  const refused: Found['refused'] = [];
  const found: LocatedLine[] = [];
  for (const [line, located] of await locate(place, open, lines)) {
    if (isRefusal(located)) refused.push({ line, refusal: located });
    else found.push({ line, located });
  }
  place.onProgress?.();
  const given = await handedOver(place, open, found);
  const places: Place[] = [];
  for (const each of found) {
    const claimed = given.has(each.line) ? { ...each, isHandedOver: true } : await claim(place, each);
    if (isRefusal(claimed)) refused.push({ line: each.line, refusal: claimed });
    else places.push(claimed);
  }
  return deskOf(place, open, places, refused);
}

async function deskOf(
  place: Workplace,
  open: OpenConnection,
  places: readonly Place[],
  refused: Found['refused'],
): Promise<Found> {
  const desks: LineDesk[] = [];
  for (const [{ line, located, isHandedOver }, held] of await read(place, open, places)) {
    if (!isRefusal(held)) desks.push(new LineDesk(place, open, line, located, held, isHandedOver));
    else {
      refused.push({ line, refusal: held });
      open.places.forget(placeKeyOf(located.line));
    }
  }
  return { desks, refused };
}

async function locate(
  place: Workplace,
  open: OpenConnection,
  lines: readonly ClaimedLine[],
): Promise<(readonly [ClaimedLine, Located<unknown> | Refusal])[]> {
  const today = localDay(place.now(), open.connection.timeZone);
  const asked = lines.map((line) => {
    const ref = agreementLineRef(line, today);
    const known = open.places.find(placeKeyOf(ref));
    return { line, ref, known: known === undefined ? undefined : { ...known, line: ref } };
  });
  const missing = asked.filter((each) => each.known === undefined);
  const found =
    missing.length === 0
      ? []
      : await place.connector.locate(
          missing.map((each) => each.ref),
          open.psa,
        );
  const answers = new Map(missing.map((each, i) => [each, found[i]!]));
  return asked.map((each) => {
    if (each.known !== undefined) return [each.line, each.known] as const;
    const located = answers.get(each)!;
    // A line that is not there yet may be there at the next pass: only a found one is remembered.
    if (!isRefusal(located) && located.recordIds.length > 0) open.places.put(placeKeyOf(each.ref), located);
    return [each.line, located] as const;
  });
}

async function claim(place: Workplace, { line, located }: LocatedLine): Promise<Place | Refusal> {
  const isKnown =
    located.recordIds.length === line.recordIds.length && located.recordIds.every((id) => line.recordIds.includes(id));
  if (isKnown) return { line, located, isHandedOver: false };
  const holder = await place.ledger.claimRecords(line, located.recordIds);
  if (holder === undefined) return { line, located, isHandedOver: false };
  if (wasTakenOver(line, holder)) return { line, located, isHandedOver: true };
  const heir = mayTakeOver(line, holder) ? await place.ledger.takeOver(line, holder) : undefined;
  if (heir !== undefined) return { line: heir, located, isHandedOver: false };
  return { refused: 'LINE_CLAIMED_TWICE', message: `The PSA's record already belongs to ${holder}; correct the mapping` };
}

async function read(
  place: Workplace,
  open: OpenConnection,
  places: readonly Place[],
): Promise<(readonly [Place, Held<unknown> | Refusal])[]> {
  if (places.length === 0) return [];
  const helds = await place.connector.read(
    places.map((each) => each.located),
    open.psa,
  );
  return places.map((each, i) => [each, helds[i]!] as const);
}
