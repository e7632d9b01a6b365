import { createHash } from 'node:crypto';
import { canonicalJson, type Item } from '@trueup/contracts';
import type { EntityManager } from 'typeorm';
import type { SqlRunner } from '../sql-runner.js';
import type { SnapshotKey } from './write-snapshot.js';

/** What identifies the content of a snapshot: SHA-256 (hex) over its items, each as canonical JSON and a line feed, in key order. */
export interface Seal {
  sha256: string;
  itemCount: number;
}

const KEY = 'customer_code, user_code, kind, code, instance, row_key';
const ITEMS_PER_READ = 1_000;

type KeyedItem = Record<'customer_code' | 'user_code' | 'kind' | 'code' | 'instance' | 'row_key', string> & { item: Item };

/** Reads a snapshot through and computes its seal; the same rows give the same seal at any time. */
export async function sealOf(database: SqlRunner, { tenantId, periodId, version }: SnapshotKey): Promise<Seal> {
  const hash = createHash('sha256');
  let itemCount = 0;
  for (let after: string[] = []; ;) {
    const rows = await database.query<KeyedItem[]>(
      `select ${KEY}, item from billing.snapshot_item where tenant_id = $1 and period_id = $2::date and version = $3
       ${after.length > 0 ? `and (${KEY}) > ($4, $5, $6, $7, $8, $9)` : ''} order by ${KEY} limit ${ITEMS_PER_READ}`,
      [tenantId, periodId, version, ...after],
    );
    for (const { item } of rows) hash.update(`${canonicalJson(item)}\n`);
    itemCount += rows.length;
    if (rows.length < ITEMS_PER_READ) return { sha256: hash.digest('hex'), itemCount };
    const { customer_code, user_code, kind, code, instance, row_key } = rows.at(-1)!;
    after = [customer_code, user_code, kind, code, instance, row_key];
  }
}

/** Puts the seal on a snapshot that is complete; a snapshot once sealed is never written again. */
export async function seal(tx: SqlRunner, key: SnapshotKey, { sha256, itemCount }: Seal, now: Date): Promise<void> {
  await tx.query(
    `update billing.snapshot set taken_at = $4, item_count = $5, sha256 = $6
     where tenant_id = $1 and period_id = $2::date and version = $3 and taken_at is null`,
    [key.tenantId, key.periodId, key.version, now, itemCount, sha256],
  );
}

/**
 * Closes a period whose customers are all frozen. False, with nothing done, while one is not: it came while the others were frozen.
 * Waits for every transaction that still counts on the period being open.
 */
export async function closePeriod(tx: EntityManager, key: SnapshotKey, sealed: Seal, now: Date): Promise<boolean> {
  const { tenantId, periodId, version } = key;
  await tx.query('select 1 from billing.period where tenant_id = $1 and id = $2::date for update', [tenantId, periodId]);
  const [found] = await tx.query<{ isAny: boolean }[]>(
    `select exists (select 1 from billing.customer c where c.tenant_id = $1 and not exists (
       select 1 from billing.snapshot_customer s where s.tenant_id = c.tenant_id and s.period_id = $2::date and s.version = $3
         and s.customer_code = c.customer_code)) as "isAny"`,
    [tenantId, periodId, version],
  );
  if (found!.isAny) return false;
  await seal(tx, key, sealed, now);
  await tx.query('update billing.period set closed_at = $3 where tenant_id = $1 and id = $2::date', [tenantId, periodId, now]);
  return true;
}
