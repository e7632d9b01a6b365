import { type Cause, LINE_TARGETS, type LineTarget, MAX_CAUSES, partitionOf } from '@trueup/contracts';
import { appendOutbox, type OutboxRow } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { countLines, type CountedLine } from './line-content.js';
import { type LineRow, lockLines, type TargetContent, writeCountedUntil, writeTargets } from './line-rows.js';
import type { Recount } from './recount.js';
import { customerIdOf } from './slot.js';
import { changeBetween, isNews } from './target-content.js';

interface News {
  line: LineRow;
  previous: TargetContent | null;
  closedUntilMs: number;
}

/** Counts lines from their rows and sends those that differ from what was last sent. Returns the number sent. */
export async function emitLines(tx: EntityManager, recount: Recount): Promise<number> {
  const locked = await lockLines(tx, recount.lines);
  const counted = await countLines(tx, locked, recount);
  await writeCountedUntil(tx, counted.flatMap(countedElsewhere));
  const news = counted.flatMap(newsOf);
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

function newsOf({ line, content, countedUntil, closedUntilMs }: CountedLine): News[] {
  if (!isNews(line.content, content)) return [];
  const next = { ...line, content, countedUntil, targetVersion: line.targetVersion + 1 };
  return [{ line: next, previous: line.content, closedUntilMs }];
}

/** A line that says what it said, though something has moved: what moves next must be told from that. */
function countedElsewhere({ line, content, countedUntil }: CountedLine): LineRow[] {
  if (line.content === null || isNews(line.content, content)) return [];
  return line.countedUntil?.getTime() === countedUntil?.getTime() ? [] : [{ ...line, countedUntil }];
}

// The set of one customer stands together: change-control decides at its last line, so that a move between lines is never half seen.
function toOutboxRow({ line, previous, closedUntilMs }: News, endOfSet: boolean, { causes, traces }: Recount): OutboxRow {
  const { tenantId, lineKey, customerCode, content } = line;
  const all = causes.get(lineKey) ?? [];
  const target: LineTarget = {
    ...lineParts(line),
    ...content!,
    targetVersion: line.targetVersion,
    endOfSet,
    changed: changeBetween(previous, content!),
    causes: all.slice(-MAX_CAUSES).map((cause) => markedLate(cause, closedUntilMs)),
    causeCount: all.length,
  };
  const partitionBy = `${tenantId}/${customerCode}`;
  const headers = traces.get(all.at(-1)?.eventId ?? '');
  const shard = partitionOf(LINE_TARGETS, partitionBy);
  const value = JSON.stringify(target);
  return { topic: LINE_TARGETS, shard, key: `${tenantId}/${lineKey}`, partitionBy, value, ...(headers && { headers }) };
}

// What happened in a closed period is told as a correction there, not as news of the open one.
function markedLate(cause: Cause, closedUntilMs: number): Cause {
  const isLate = cause.reason === undefined && Date.parse(cause.occurredAt) < closedUntilMs;
  return isLate ? { ...cause, reason: 'late' } : cause;
}

function lineParts({ tenantId, lineKey, customerCode, sku, term, billingPlan, siteCode }: LineRow) {
  return { tenantId, lineKey, customerCode, sku, term, billingPlan, siteCode };
}
