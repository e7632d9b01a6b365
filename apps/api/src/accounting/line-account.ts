import type { CustomerLines, SentLine } from '@trueup/billing';
import type { Quantity } from '@trueup/contracts';
import type { DecidedCustomer, DecidedLine, LinesInState } from '@trueup/control';
import { subtractQuantities, sumQuantities } from '@trueup/domain';
import type { Unexplained } from './event-account.js';
import { isUnexplained } from './time-scale.js';

/** How far a line can have come. */
export const LINE_STATES = [
  'delivered',
  'observed',
  'pending',
  'unsettled',
  'held',
  'manual',
  'rejected',
  'unmapped',
  'abandoned',
  'excluded',
] as const;

/** Lines, and their units as their targets say. */
export interface LineCount {
  lines: number;
  units: Quantity;
}

/** A line that billing and control do not agree on. `since`: when its newest target was sent, or arrived. */
export interface UnsettledLine {
  lineKey: string;
  customerCode: string;
  units: Quantity;
  since: Date;
}

/** `desired + unknown` = the sum of all states + inFlight + unexplained. */
export interface LineAccount {
  desired: LineCount;
  states: Record<(typeof LINE_STATES)[number], LineCount>;
  inFlight: LineCount;
  unexplained: LineCount;
  /** Lines that change-control bills and billing never sent. */
  unknown: LineCount;
  differing: UnsettledLine[];
  lines: Unexplained;
}

/** Customers whose lines billing and control do not describe alike. */
export function suspectCustomers(sent: readonly CustomerLines[], decided: readonly DecidedCustomer[]): CustomerLines[] {
  const keyOf = ({ tenantId, customerCode }: CustomerLines): string => JSON.stringify([tenantId, customerCode]);
  const inShort = ({ lines, versions, units }: CustomerLines): string => `${lines} ${versions} ${units}`;
  const theirs = new Map(decided.map((customer) => [keyOf(customer), inShort(customer)]));
  const ours = new Set(sent.map(keyOf));
  return [
    ...sent.filter((customer) => theirs.get(keyOf(customer)) !== inShort(customer)),
    ...decided.filter((customer) => !ours.has(keyOf(customer))),
  ];
}

/** One tenant's lines. `suspects`: the lines of its suspect customers, as each side has them. */
export function lineAccountOf(
  sent: readonly CustomerLines[],
  states: readonly LinesInState[],
  suspects: { sent: readonly SentLine[]; decided: readonly DecidedLine[] },
  now: Date,
): LineAccount {
  const late = lateLines(suspects.sent, suspects.decided);
  const lateKeys = new Set(late.map(({ lineKey }) => lineKey));
  const disputed = suspects.decided.filter(({ lineKey }) => lateKeys.has(lineKey));
  const old = late.filter(({ since }) => isUnexplained(since, now));
  const unknown = unknownLines(suspects.sent, suspects.decided);
  const wrong = [...unknown, ...old];
  return {
    desired: { lines: sent.reduce((sum, { lines }) => sum + lines, 0), units: sumQuantities(sent.map(({ units }) => units)) },
    states: statesOf(states, disputed),
    inFlight: countOf(late.filter((line) => !old.includes(line))),
    unexplained: countOf(old),
    unknown: countOf(unknown),
    differing: [...unknown, ...late],
    lines: { count: wrong.length, since: wrong[0]?.since ?? null },
  };
}

/** Lines whose newest target change-control has not decided, or not as it was sent; oldest first. */
function lateLines(sent: readonly SentLine[], decided: readonly DecidedLine[]): UnsettledLine[] {
  const theirs = new Map(decided.map((line) => [line.lineKey, line]));
  const isAgreed = ({ lineKey, targetVersion, units }: SentLine): boolean => {
    const line = theirs.get(lineKey);
    return line?.targetVersion === targetVersion && line.units === units;
  };
  return sent
    .filter((line) => !isAgreed(line))
    .map(({ lineKey, customerCode, units, sentAt: since }) => ({ lineKey, customerCode, units, since }))
    .sort((a, b) => a.since.getTime() - b.since.getTime());
}

function unknownLines(sent: readonly SentLine[], decided: readonly DecidedLine[]): UnsettledLine[] {
  const ours = new Set(sent.map(({ lineKey }) => lineKey));
  return decided
    .filter(({ lineKey }) => !ours.has(lineKey))
    .map(({ lineKey, customerCode, units, receivedAt: since }) => ({ lineKey, customerCode, units, since }));
}

function statesOf(states: readonly LinesInState[], disputed: readonly DecidedLine[]): LineAccount['states'] {
  const entries = LINE_STATES.map((name) => {
    const all = states.filter(({ state }) => state === name);
    const without = countOf(disputed.filter(({ state }) => state === name));
    const units = subtractQuantities(sumQuantities(all.map((one) => one.units)), without.units);
    return [name, { lines: all.reduce((sum, { lines }) => sum + lines, 0) - without.lines, units }] as const;
  });
  return Object.fromEntries(entries) as LineAccount['states'];
}

function countOf(lines: readonly { units: Quantity }[]): LineCount {
  return { lines: lines.length, units: sumQuantities(lines.map(({ units }) => units)) };
}
