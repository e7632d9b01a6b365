import type { ConnectionSettings, QuantityChange } from '@trueup/contracts';
import type { Http, Psa, Session } from '../http/psa.js';
import {
  isRefusal,
  type AgreementLineRef,
  type Connector,
  type Held,
  type Located,
  type Memory,
  type Refusal,
} from './connector.js';
import type { Next } from './next.js';

/** The simple form: two functions, for a PSA where finding a line also reads it. Records in `held.records` become the line's record ids. */
export interface SimpleConnector<H, S extends ConnectionSettings = ConnectionSettings> extends Pick<
  Connector<Held<H>, H, S>,
  'classify' | 'nameRefusal' | 'usedShare' | 'check' | 'listAccounts' | 'listProducts' | 'listLines'
> {
  open?(settings: S, http: Http): Promise<Session>;
  find(line: AgreementLineRef, psa: Psa<S>): Promise<Held<H> | Refusal>;
  plan(change: QuantityChange, held: Held<H>, memory: Memory, settings: S): Next;
}

/** Wraps the simple form into the full one. Without `open` the connection's base address is used as it is, without authentication. */
export function defineConnector<H, S extends ConnectionSettings = ConnectionSettings>(
  simple: SimpleConnector<H, S>,
): Connector<Held<H>, H, S> {
  const { find, open = openAtBaseUrl, ...rest } = simple;
  return {
    ...rest,
    open,
    locate: (lines, psa) => Promise.all(lines.map(async (line) => toLocated(line, await find(line, psa)))),
    // A location may be minutes old, a reading may not: every reading finds again.
    read: (lines, psa) => Promise.all(lines.map((located) => find(located.line, psa))),
  };
}

function toLocated<H>(line: AgreementLineRef, found: Held<H> | Refusal): Located<Held<H>> | Refusal {
  if (isRefusal(found)) return found;
  return { line, recordIds: found.records.map((record) => record.id), location: found };
}

async function openAtBaseUrl(_settings: unknown, http: Http): Promise<Session> {
  return { baseUrl: http.baseUrl ?? '', headers: {} };
}
