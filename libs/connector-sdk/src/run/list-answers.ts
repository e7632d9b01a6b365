import type { Code, Outcome, PsaEntry, PsaLine, PsaListPart } from '@trueup/contracts';
import type { Connector } from '../connector/connector.js';
import { barredByFault } from '../deliver/fault-words.js';
import { localDay } from '../deliver/due-times.js';
import type { OpenConnection } from '../deliver/open-connection.js';
import { answerTo, type Answers } from './request-runner.js';
import { inParts } from './in-parts.js';

interface Lists {
  accounts: readonly PsaEntry[];
  products: readonly PsaEntry[];
  /** Undefined where the connector does not list them. */
  lines: readonly PsaLine[] | undefined;
}

interface Unread {
  code: Code;
  message: string;
}

/** Requests for the PSA's accounts, products and billed lines, answered in parts that a record of the log can hold. */
export const listAnswers: Answers = {
  what: 'list',
  requested: (connection) => connection.listRequested ?? 0,
  async answer(connector, open, now) {
    const at = now();
    const read = await listsOf(connector, open, at);
    const told = { ...answerOf(open, now()), kind: 'listed' as const };
    if ('code' in read) return [{ ...told, ...read }];
    const message = messageOf(read);
    const parts = partsOf(read, at.toISOString());
    return parts.map((list): Outcome => ({ ...told, code: 'LINE_UNCHANGED', message, list }));
  },
};

function answerOf({ connection }: OpenConnection, now: Date) {
  const counter = connection.listRequested ?? 0;
  return { ...answerTo(connection, counter, now), listRequested: counter };
}

async function listsOf(connector: Connector, open: OpenConnection, at: Date): Promise<Lists | Unread> {
  const { listAccounts, listProducts, listLines } = connector;
  if (listAccounts === undefined && listProducts === undefined && listLines === undefined) {
    return { code: 'CAPABILITY_MISSING', message: 'This connector cannot list accounts and products' };
  }
  if (open.stopped !== undefined) return open.stopped;
  try {
    const accounts = (await connector.listAccounts?.(open.psa)) ?? [];
    const products = (await connector.listProducts?.(open.psa)) ?? [];
    const today = localDay(at, open.connection.timeZone);
    return { accounts, products, lines: await connector.listLines?.(open.psa, today) };
  } catch (error) {
    const barred = barredByFault(error, open);
    const message = error instanceof Error ? error.message : 'The lists could not be read';
    return { code: barred?.code ?? 'CAPABILITY_MISSING', message: barred?.message ?? message };
  }
}

function messageOf({ accounts, products, lines }: Lists): string {
  const counts = [`${accounts.length} accounts`, `${products.length} products`];
  return [...counts, ...(lines === undefined ? [] : [`${lines.length} billed lines`])].join(', ');
}

/** At least one part: empty lists are an answer too. */
function partsOf({ accounts, products, lines }: Lists, readAt: string): PsaListPart[] {
  const all = [
    ...accounts.map((entry) => ({ to: 'accounts' as const, entry })),
    ...products.map((entry) => ({ to: 'products' as const, entry })),
    ...(lines ?? []).map((entry) => ({ to: 'lines' as const, entry })),
  ];
  const parts = inParts(all);
  return parts.map((part, i) => {
    const list = {
      accounts: part.filter((each) => each.to === 'accounts').map(({ entry }) => entry),
      products: part.filter((each) => each.to === 'products').map(({ entry }) => entry),
      ...(lines !== undefined && { lines: part.filter((each) => each.to === 'lines').map(({ entry }) => entry) }),
    };
    return { part: i + 1, parts: parts.length, readAt, ...list };
  });
}
