import { laterOf, type Code, type PlainDate, type QuantityChange, type Step } from '@trueup/contracts';
import { isSameFrom, isZeroFrom, shortestFrom } from '../connector/schedule.js';
import type { Baseline } from '../ledger/line-row.js';

/** What is known of a line before anything is planned. */
export interface StartInput {
  change: QuantityChange;
  /** As read now. */
  held: readonly Step[] | 'unreadable';
  /** Whether the PSA has any record of the line. */
  isThere: boolean;
  baseline?: Baseline;
  lastLevel?: readonly Step[];
  today: PlainDate;
  at: string;
}

export type Start =
  | {
      ok: true;
      baseline: Baseline;
      lastLevel: readonly Step[];
      writesFrom: PlainDate;
      /** Somebody's change in the PSA, with both values, that the policy lets us write over. */
      drift?: string;
    }
  | { ok: false; code: Code; message: string };

/**
 * Whether the line may be planned: the first look gives the baseline, every later one must find our last level. Nothing before
 * `writesFrom` is looked at; pure.
 */
export function judgeStart(input: StartInput): Start {
  if (input.held === 'unreadable') return judgeUnreadable(input);
  const readable = { ...input, held: input.held };
  return input.baseline === undefined ? judgeFirstLook(readable) : judgeLaterLook(readable, input.baseline);
}

type Readable = StartInput & { held: readonly Step[] };

function judgeFirstLook(input: Readable): Start {
  const { change, held, today, at } = input;
  const from = change.writesFrom;
  const steps = shortestFrom(held, laterOf(today, from));
  if (isVouchedFor(change, held, from) || isZeroFrom(held, from)) {
    return { ok: true, baseline: { steps, at }, lastLevel: lookedAt(held, from), writesFrom: from };
  }
  if (isSameFrom(held, change.steps, laterOf(today, from))) {
    const writesFrom = laterOf(from, firstDayKept(change, laterOf(today, from)));
    return { ok: true, baseline: { steps, at, writesFrom }, lastLevel: lookedAt(held, from), writesFrom };
  }
  return {
    ok: false,
    code: 'DIFFERS_AT_START',
    message: bothLevels('At the first look', held, change.steps, laterOf(today, from)),
  };
}

/** Prorating: the day of the look. Otherwise the start of the period containing it, where the step in force begins. */
function firstDayKept(change: QuantityChange, day: PlainDate): PlainDate {
  if (change.prorate) return day;
  return change.steps.findLast((step) => step.from <= day)?.from ?? day;
}

function judgeLaterLook(input: Readable, baseline: Baseline): Start {
  const { change, held } = input;
  const writesFrom = laterOf(change.writesFrom, baseline.writesFrom ?? change.writesFrom);
  const lastLevel = input.lastLevel ?? baseline.steps;
  // A late correction goes further back than we looked so far: what the PSA held on those days nobody has noted.
  const isOurs = isSameFrom(held, lastLevel, laterOf(writesFrom, lastLevel[0]?.from ?? writesFrom));
  // Somebody made the very change that we would make: nothing is left to report or to write.
  const isWanted = isSameFrom(held, change.steps, writesFrom);
  const start = { ok: true, baseline, lastLevel: lookedAt(held, writesFrom), writesFrom } as const;
  if (isOurs || isWanted || isVouchedFor(change, held, writesFrom)) return start;
  const drift = bothLevels('Changed in the PSA', held, lastLevel, writesFrom);
  return change.onDrift === 'restore' ? { ...start, drift } : { ok: false, code: 'DRIFT_DETECTED', message: drift };
}

/** What was read, beginning with the first day that it says something about, though nothing is held there. */
function lookedAt(held: readonly Step[], from: PlainDate): readonly Step[] {
  return held[0] !== undefined && held[0].from <= from ? held : [{ from, quantity: '0' }, ...held];
}

/** What nobody can read is known from what we did, or from what a person entered. */
function judgeUnreadable(input: StartInput): Start {
  const { change, at, baseline } = input;
  const writesFrom = change.writesFrom;
  const vouched = change.acceptFound?.steps;
  if (baseline !== undefined) return { ok: true, baseline, lastLevel: vouched ?? input.lastLevel ?? baseline.steps, writesFrom };
  if (vouched !== undefined) return { ok: true, baseline: { steps: vouched, at }, lastLevel: vouched, writesFrom };
  const none = [{ from: writesFrom, quantity: '0' }];
  if (!input.isThere) return { ok: true, baseline: { steps: none, at }, lastLevel: none, writesFrom };
  return {
    ok: false,
    code: 'DIFFERS_AT_START',
    message: 'The PSA has a record whose quantity cannot be read: enter what it holds',
  };
}

/** Whether a person vouches for what the PSA holds. */
export function isVouchedFor(change: QuantityChange, held: readonly Step[], from: PlainDate): boolean {
  return change.acceptFound !== undefined && isSameFrom(held, change.acceptFound.steps, from);
}

/** `theirs 14 from 2026-07-13, ours 11 from 2026-07-01`, for a person. */
export function bothLevels(what: string, theirs: readonly Step[], ours: readonly Step[], from: PlainDate): string {
  return `${what}: theirs ${wordsOf(theirs, from)}; ours ${wordsOf(ours, from)}`;
}

function wordsOf(steps: readonly Step[], from: PlainDate): string {
  return shortestFrom(steps, from)
    .map((step) => `${step.quantity} from ${step.from}`)
    .join(', ');
}
