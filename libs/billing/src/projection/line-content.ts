import type { Cause, LinePeriod } from '@trueup/contracts';
import { lineSchedule, payersOf } from '@trueup/domain';
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
  /** Instant (epoch ms) before which everything is closed for the line. */
  closedUntilMs: number;
}

/** Counts locked lines over the periods that their targets carry; closed ones keep what was frozen. */
export async function countLines(tx: SqlRunner, lines: readonly LineRow[], recount: Recount): Promise<CountedLine[]> {
  const windows = lines.map((line) => ({ line, window: windowOf(line, recount) }));
  const rows = await readRowsOfLines(
    tx,
    windows.map(({ line, window }) => ({ ...line, since: new Date(window.periods[0]?.startsAtMs ?? recount.context.now) })),
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
    const counted = lineSchedule(rows.get(line.lineKey) ?? [], window.periods, timeZone);
    const told = counted.map((period) =>
      period.state === 'closed' ? closedPeriod(period, frozen.get(line.lineKey)?.get(period.id)) : period,
    );
    return { line, content: contentOf(line, told.slice(firstTold(told, window)), recount), closedUntilMs: closedUntil(window) };
  });
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
