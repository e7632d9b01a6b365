import { isRefusal, type Held, type Located, type Refusal } from '../connector/connector.js';
import type { ClaimedLine } from '../ledger/ledger.js';
import { localDay } from './due-times.js';
import { LineDesk } from './line-desk.js';
import type { OpenConnection } from './open-connection.js';
import { agreementLineRef, placeKeyOf } from './place.js';
import type { Workplace } from './workplace.js';

export interface Found {
  desks: LineDesk[];
  refused: { line: ClaimedLine; refusal: Refusal }[];
}

interface Place {
  line: ClaimedLine;
  located: Located<unknown>;
}

/** Locates and reads all lines of a pass in bulk. Throws what the PSA's calls throw. */
export async function findLines(place: Workplace, open: OpenConnection, lines: readonly ClaimedLine[]): Promise<Found> {
  const refused: Found['refused'] = [];
  const places: Place[] = [];
  for (const [line, located] of await locate(place, open, lines)) {
    const refusal = isRefusal(located) ? located : await claimed(place, line, located);
    if (refusal !== undefined) refused.push({ line, refusal });
    else places.push({ line, located: located as Located<unknown> });
  }
  const desks: LineDesk[] = [];
  for (const [{ line, located }, held] of await read(place, open, places)) {
    if (!isRefusal(held)) desks.push(new LineDesk(place, open, line, located, held));
    else {
      refused.push({ line, refusal: held });
      open.forget(placeKeyOf(located.line));
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
    const known = open.remembered(placeKeyOf(ref));
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
    const located = each.known ?? answers.get(each)!;
    // A line that is not there yet may be there at the next pass: only a found one is remembered.
    if (!isRefusal(located) && located.recordIds.length > 0) open.remember(placeKeyOf(each.ref), located);
    return [each.line, located] as const;
  });
}

async function claimed(place: Workplace, line: ClaimedLine, located: Located<unknown>): Promise<Refusal | undefined> {
  const isKnown =
    located.recordIds.length === line.recordIds.length && located.recordIds.every((id) => line.recordIds.includes(id));
  if (isKnown) return undefined;
  const other = await place.ledger.claimRecords(line, located.recordIds);
  if (other === undefined) return undefined;
  return { refused: 'LINE_CLAIMED_TWICE', message: `The PSA's record already belongs to ${other}; correct the mapping` };
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
