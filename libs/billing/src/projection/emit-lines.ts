import { type Cause, LINE_TARGETS, type LineTarget, MAX_CAUSES, partitionOf } from '@trueup/contracts';
import { type CustomerState, type Holding, lineSchedule, payersOf } from '@trueup/domain';
import { appendOutbox, type OutboxRow } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { type LineRef, type LineRow, lockLines, type TargetContent, writeTargets } from './line-rows.js';
import { readRowsOfLines } from './line-rows-held.js';
import type { ProjectionContext } from './projection-context.js';
import { customerIdOf } from './slot.js';
import { changeBetween, isNews, targetPeriods } from './target-content.js';

/** What a recount of lines needs besides the rows in the database. */
export interface Recount {
  lines: readonly LineRef[];
  context: ProjectionContext;
  /** By customer id; the locked customers of the lines. */
  customers: ReadonlyMap<string, CustomerState>;
  /** By line key. */
  causes: ReadonlyMap<string, readonly Cause[]>;
  /** W3C trace headers by event id. */
  traces: ReadonlyMap<string, Record<string, string>>;
}

interface News {
  line: LineRow;
  previous: TargetContent | null;
}

/** Counts lines from their rows and sends those that differ from what was last sent. Returns the number sent. */
export async function emitLines(tx: EntityManager, recount: Recount): Promise<number> {
  const locked = await lockLines(tx, recount.lines);
  const rows = await readRowsOfLines(
    tx,
    locked.map((line) => ({ ...line, since: oldestStart(line.tenantId, recount.context) })),
  );
  const news = locked.flatMap((line) => newsOf(line, contentOf(line, rows.get(line.lineKey) ?? [], recount)));
  await writeTargets(
    tx,
    news.map(({ line }) => line),
    recount.context.now,
  );
  const lastOfCustomer = new Map(news.map(({ line }) => [customerIdOf(line), line]));
  await appendOutbox(
    tx,
    'billing',
    news.map((one) => toOutboxRow(one, lastOfCustomer.get(customerIdOf(one.line)) === one.line, recount)),
  );
  return news.length;
}

function newsOf(line: LineRow, content: TargetContent): News[] {
  if (!isNews(line.content, content)) return [];
  return [{ line: { ...line, content, targetVersion: line.targetVersion + 1 }, previous: line.content }];
}

function contentOf(line: LineRow, rows: readonly Holding[], { context, customers }: Recount): TargetContent {
  const settings = context.of(line.tenantId);
  const { timeZone } = settings.current;
  const periods = targetPeriods(settings, context.todayOf(line.tenantId));
  return { payers: payersOf(customers.get(customerIdOf(line)), timeZone), periods: lineSchedule(rows, periods, timeZone) };
}

function oldestStart(tenantId: string, context: ProjectionContext): Date {
  const { calendar, current } = context.of(tenantId);
  return new Date(calendar.containing(current.liveFrom).startsAtMs);
}

// The set of one customer stands together: change-control decides at its last line, so that a move between lines is never half seen.
function toOutboxRow({ line, previous }: News, endOfSet: boolean, { causes, traces }: Recount): OutboxRow {
  const { tenantId, lineKey, customerCode, content } = line;
  const all = causes.get(lineKey) ?? [];
  const target: LineTarget = {
    ...lineParts(line),
    ...content!,
    targetVersion: line.targetVersion,
    endOfSet,
    changed: changeBetween(previous, content!),
    causes: all.slice(-MAX_CAUSES),
    causeCount: all.length,
  };
  const partitionBy = `${tenantId}/${customerCode}`;
  const headers = traces.get(all.at(-1)?.eventId ?? '');
  const shard = partitionOf(LINE_TARGETS, partitionBy);
  const value = JSON.stringify(target);
  return { topic: LINE_TARGETS, shard, key: `${tenantId}/${lineKey}`, partitionBy, value, ...(headers && { headers }) };
}

function lineParts({ tenantId, lineKey, customerCode, sku, term, billingPlan, siteCode }: LineRow) {
  return { tenantId, lineKey, customerCode, sku, term, billingPlan, siteCode };
}
