import { LINE_TARGETS, type LineTarget, partitionOf } from '@trueup/contracts';
import { appendOutbox, inTransaction, type OutboxRow } from '@trueup/persistence';
import type { DataSource, EntityManager } from 'typeorm';
import { type LineRef, type LineRow, lockLines, type TargetContent, writeTargets } from './line-rows.js';
import { changeBetween } from './target-content.js';

const LINES_PER_TRANSACTION = 500;

type LineKey = Pick<LineRef, 'tenantId' | 'lineKey'>;

/**
 * Sends every line of every tenant again with the content it was last sent with, as a new version: for a log of which nobody knows
 * whether its readers have read it. Nothing is counted anew. Asked twice it sends twice, which changes nothing. Returns the lines sent.
 */
export async function resendTargets(database: DataSource, at: () => Date): Promise<number> {
  let [sent, after]: [number, LineKey] = [0, { tenantId: '', lineKey: '' }];
  for (;;) {
    const keys = await inTransaction(database, (tx) => resendAfter(tx, after, at()));
    if (keys.length === 0) return sent;
    sent += keys.length;
    after = keys.at(-1)!;
  }
}

async function resendAfter(tx: EntityManager, { tenantId, lineKey }: LineKey, now: Date): Promise<LineRef[]> {
  const found = await tx.query<LineRef[]>(
    `select tenant_id as "tenantId", line_key as "lineKey", customer_code as "customerCode", sku, term,
       billing_plan as "billingPlan", site_code as "siteCode" from billing.line_target
     where (tenant_id collate "C", line_key collate "C") > ($1, $2) and target_version > 0
     order by tenant_id collate "C", line_key collate "C" limit $3`,
    [tenantId, lineKey, LINES_PER_TRANSACTION],
  );
  const lines = (await lockLines(tx, found)).map((line) => ({ ...line, targetVersion: line.targetVersion + 1 }));
  await writeTargets(tx, lines, now);
  await appendOutbox(tx, 'billing', lines.map(toOutboxRow));
  return found;
}

function toOutboxRow({ content, ...line }: LineRow): OutboxRow {
  const { tenantId, lineKey, customerCode, sku, term, billingPlan, siteCode, targetVersion } = line;
  const said: TargetContent = content!; // a version above 0 was sent with its content
  const target: LineTarget = {
    ...{ tenantId, lineKey, customerCode, sku, term, billingPlan, siteCode },
    ...said,
    targetVersion,
    // Each line may be decided by itself: none of them moves anything to another.
    endOfSet: true,
    changed: changeBetween(said, said),
    causes: [],
    causeCount: 0,
  };
  const partitionBy = `${tenantId}/${customerCode}`;
  const shard = partitionOf(LINE_TARGETS, partitionBy);
  return { topic: LINE_TARGETS, shard, key: `${tenantId}/${lineKey}`, partitionBy, value: JSON.stringify(target) };
}
