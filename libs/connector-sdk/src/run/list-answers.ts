import type { Code, Outcome, PsaEntry, PsaListPart } from '@trueup/contracts';
import type { Connector } from '../connector/connector.js';
import { barredByFault } from '../deliver/fault-words.js';
import type { OpenConnection } from '../deliver/open-connection.js';
import { answerTo, type Answers } from './request-runner.js';
import { inParts } from './in-parts.js';

interface Lists {
  accounts: readonly PsaEntry[];
  products: readonly PsaEntry[];
}

interface Unread {
  code: Code;
  message: string;
}

/** Requests for the PSA's accounts and products, answered in parts that a record of the log can hold. */
export const listAnswers: Answers = {
  what: 'list',
  requested: (connection) => connection.listRequested ?? 0,
  async answer(connector, open, now) {
    const readAt = now().toISOString();
    const read = await listsOf(connector, open);
    const told = { ...answerOf(open, now()), kind: 'listed' as const };
    if ('code' in read) return [{ ...told, ...read }];
    const message = `${read.accounts.length} accounts and ${read.products.length} products`;
    const parts = partsOf(read, readAt);
    return parts.map((list): Outcome => ({ ...told, code: 'LINE_UNCHANGED', message, list }));
  },
};

function answerOf({ connection }: OpenConnection, now: Date) {
  const counter = connection.listRequested ?? 0;
  return { ...answerTo(connection, counter, now), listRequested: counter };
}

async function listsOf(connector: Connector, open: OpenConnection): Promise<Lists | Unread> {
  if (connector.listAccounts === undefined && connector.listProducts === undefined) {
    return { code: 'CAPABILITY_MISSING', message: 'This connector cannot list accounts and products' };
  }
  if (open.stopped !== undefined) return open.stopped;
  try {
    const accounts = (await connector.listAccounts?.(open.psa)) ?? [];
    return { accounts, products: (await connector.listProducts?.(open.psa)) ?? [] };
  } catch (error) {
    const barred = barredByFault(error, open);
    const message = error instanceof Error ? error.message : 'The lists could not be read';
    return { code: barred?.code ?? 'CAPABILITY_MISSING', message: barred?.message ?? message };
  }
}

/** At least one part: empty lists are an answer too. */
function partsOf({ accounts, products }: Lists, readAt: string): PsaListPart[] {
  const all = [
    ...accounts.map((entry) => ({ to: 'accounts' as const, entry })),
    ...products.map((entry) => ({ to: 'products' as const, entry })),
  ];
  const parts = inParts(all);
  return parts.map((part, i) => {
    const entriesOf = (to: 'accounts' | 'products') => part.filter((each) => each.to === to).map((each) => each.entry);
    const list = { accounts: entriesOf('accounts'), products: entriesOf('products') };
    return { part: i + 1, parts: parts.length, readAt, ...list };
  });
}
