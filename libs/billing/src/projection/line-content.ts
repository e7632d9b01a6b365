import type { Cause, LinePeriod } from '@trueup/contracts';
import { type ContinuedSchedule, continuedSchedule, type Holding, lineSchedule, payersOf } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { closedPeriod, readFrozenLines } from './closed-line.js';
import { readRowsOfLines } from './line-rows-held.js';
import type { LineRow, TargetContent } from './line-rows.js';
import type { Recount } from './recount.js';
import { customerIdOf } from './slot.js';
import { type TargetWindow, targetWindow } from './target-window.js';

/** A line with what it holds by now. */
export interface CountedLine {
  line: LineRow;
  content: TargetContent;
  /** As `LineRow.countedUntil`, of this content. */
  countedUntil: Date | null;
  /** Instant (epoch ms) before which everything is closed for the line. */
  closedUntilMs: number;
}

interface Windowed {
  line: LineRow;
  window: TargetWindow;
}

type CountedWindow = Windowed & ContinuedSchedule;

/**
 * Counts locked lines over the periods that their targets carry; closed ones keep what was frozen. Where rows only went on, the last
 * count goes on with them: its cost does not depend on how many rows the line has.
 */
export async function countLines(tx: SqlRunner, lines: readonly LineRow[], recount: Recount): Promise<CountedLine[]> {
  const windows = lines.map((line) => ({ line, window: windowOf(line, recount) }));
  const continued = windows.map((windowed) => continuedLine(windowed, recount));
  const rest = windows.filter((_, index) => continued[index] === null);
  const counted = new Map((await countAllRows(tx, rest, recount)).map((one) => [one.line, one]));
  return windows.map(({ line, window }, index) => {
    const { periods, countedUntilMs } = continued[index] ?? counted.get(line)!;
    return {
      line,
      content: contentOf(line, periods.slice(firstTold(periods, window)), recount),
      countedUntil: countedUntilMs === null ? null : new Date(countedUntilMs),
      closedUntilMs: closedUntil(window),
    };
  });
}

function continuedLine({ line, window }: Windowed, { moved, context }: Recount): ContinuedSchedule | null {
  if (moved === undefined || line.content === null || line.countedUntil === null || window.optional > 0) return null;
  const told = { periods: line.content.periods, countedUntilMs: line.countedUntil.getTime() };
  const { timeZone } = context.of(line.tenantId).current;
  return continuedSchedule(told, moved.get(line.lineKey) ?? [], window.periods, timeZone);
}

async function countAllRows(tx: SqlRunner, windows: readonly Windowed[], recount: Recount): Promise<CountedWindow[]> {
  const sinceOf = (window: TargetWindow): Date => new Date(window.periods[0]?.startsAtMs ?? recount.context.now);
  const rows = await readRowsOfLines(
    tx,
    windows.map(({ line, window }) => ({ ...line, since: sinceOf(window) })),
  );
  const withClosed = windows.filter(({ window }) => window.periods.some(({ state }) => state === 'closed'));
  const oldest = withClosed.map(({ window }) => window.periods[0]!.start).sort()[0];
  const frozen = await readFrozenLines(
    tx,
    withClosed.map(({ line }) => line),
    oldest ?? '0001-01-01',
  );
  return windows.map(({ line, window }) => {
    const { timeZone } = recount.context.of(line.tenantId).current;
    const held = rows.get(line.lineKey) ?? [];
    const periods = lineSchedule(held, window.periods, timeZone).map((period) =>
      period.state === 'closed' ? closedPeriod(period, frozen.get(line.lineKey)?.get(period.id)) : period,
    );
    return { line, window, periods, countedUntilMs: countedUntilMs(held, window, sinceOf(window).getTime()) };
  });
}

/** The last movement, or the instant from which on rows are told apart; null where a row moves behind the last period. */
function countedUntilMs(rows: readonly Holding[], { periods }: TargetWindow, sinceMs: number): number | null {
  const lastMs = rows.reduce((latest, { intervals }) => Math.max(latest, endOfMoves(intervals)), sinceMs);
  return lastMs < (periods.at(-1)?.endsAtMs ?? -Infinity) ? lastMs : null;
}

function endOfMoves(intervals: Holding['intervals']): number {
  const last = intervals.at(-1)!;
  return Date.parse(last.to ?? last.steps.at(-1)!.at);
}

function contentOf(line: LineRow, periods: LinePeriod[], { context, customers }: Recount): TargetContent {
  const { timeZone } = context.of(line.tenantId).current;
  return { payers: payersOf(customers.get(customerIdOf(line)), timeZone), periods };
}

function windowOf(line: LineRow, { context, causes }: Recount): TargetWindow {
  return targetWindow({
    live: context.livePeriodsOf(line.tenantId),
    today: context.todayOf(line.tenantId),
    isClosed: (periodId) => context.isClosed(line, periodId),
    differsFromMs: Math.min(restatedFrom(line, context), earliestOf(causes.get(line.lineKey) ?? [])),
  });
}

function restatedFrom({ content, tenantId }: LineRow, context: Recount['context']): number {
  const oldest = content?.periods.find(({ restated }) => restated !== undefined);
  return oldest === undefined ? Infinity : context.of(tenantId).calendar.containing(oldest.start).startsAtMs;
}

const earliestOf = (causes: readonly Cause[]): number => Math.min(...causes.map(({ occurredAt }) => Date.parse(occurredAt)));

function firstTold(periods: readonly LinePeriod[], { optional }: TargetWindow): number {
  const restated = periods.findIndex((period) => period.restated !== undefined);
  return restated < 0 ? optional : Math.min(optional, restated);
}

const closedUntil = ({ periods }: TargetWindow): number =>
  periods.findLast(({ state }) => state === 'closed')?.endsAtMs ?? -Infinity;
