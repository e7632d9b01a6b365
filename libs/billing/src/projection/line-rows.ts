import type { LinePeriod, Payer } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';
import { jsonTexts, textArray } from './text-array.js';

/** Names a line and what it is made of. */
export interface LineRef {
  tenantId: string;
  lineKey: string;
  customerCode: string;
  sku: string;
  term: string;
  billingPlan: string;
  siteCode: string;
}

/** What a target says about a line; a difference in it is a new version. */
export interface TargetContent {
  payers: Payer[];
  periods: LinePeriod[];
}

/** A line as last sent. Version 0: never. */
export interface LineRow extends LineRef {
  targetVersion: number;
  content: TargetContent | null;
  /** No movement that the content counts lies behind this instant; null when only a count of all rows can go on from it. */
  countedUntil: Date | null;
}

const COLUMNS = `l.tenant_id as "tenantId", l.line_key as "lineKey", l.customer_code as "customerCode", l.sku, l.term,
  l.billing_plan as "billingPlan", l.site_code as "siteCode", l.target_version::int as "targetVersion", l.content,
  l.counted_until as "countedUntil"`;

/** Locks lines in (tenant, customer, key) order until the transaction ends, and creates those not yet known. */
export async function lockLines(tx: SqlRunner, refs: readonly LineRef[]): Promise<LineRow[]> {
  if (refs.length === 0) return [];
  const column = (pick: (ref: LineRef) => string): Buffer => textArray(refs.map(pick));
  const keys = [column((ref) => ref.tenantId), column((ref) => ref.lineKey)];
  await tx.query(
    `insert into billing.line_target (tenant_id, line_key, customer_code, sku, term, billing_plan, site_code, target_version)
     select r.*, 0 from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       as r(tenant_id, line_key, customer_code, sku, term, billing_plan, site_code)
     order by r.tenant_id collate "C", r.line_key collate "C"
     on conflict (tenant_id, line_key) do nothing`,
    [
      ...keys,
      column((ref) => ref.customerCode),
      column((ref) => ref.sku),
      column((ref) => ref.term),
      column((ref) => ref.billingPlan),
      column((ref) => ref.siteCode),
    ],
  );
  return tx.query(
    `select ${COLUMNS} from billing.line_target l
     where (l.tenant_id, l.line_key) in (select u.t, u.k from unnest($1::text[], $2::text[]) as u(t, k))
     order by l.tenant_id, l.customer_code, l.line_key for update of l`,
    keys,
  );
}

/** Every line of these customers, known or sent. */
export async function linesOfCustomers(
  tx: SqlRunner,
  customers: readonly { tenantId: string; customerCode: string }[],
): Promise<LineRef[]> {
  if (customers.length === 0) return [];
  return tx.query(
    `select ${COLUMNS} from billing.line_target l
     where (l.tenant_id, l.customer_code) in (select u.t, u.c from unnest($1::text[], $2::text[]) as u(t, c))`,
    [customers.map((customer) => customer.tenantId), customers.map((customer) => customer.customerCode)],
  );
}

/** Stores what is sent now. The guard proves that versions only rise. */
export async function writeTargets(tx: SqlRunner, sent: readonly LineRow[], at: Date): Promise<void> {
  if (sent.length === 0) return;
  await tx.query(
    `update billing.line_target l set target_version = n.target_version, content = n.content::jsonb, emitted_at = $5,
       counted_until = n.counted_until
     from unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $6::timestamptz[])
       as n(tenant_id, line_key, target_version, content, counted_until)
     where l.tenant_id = n.tenant_id and l.line_key = n.line_key and l.target_version < n.target_version`,
    [
      textArray(sent.map((line) => line.tenantId)),
      textArray(sent.map((line) => line.lineKey)),
      sent.map((line) => line.targetVersion),
      jsonTexts(sent.map((line) => line.content)),
      at,
      sent.map((line) => line.countedUntil),
    ],
  );
}

/** Remembers up to where lines are counted whose content has not changed. */
export async function writeCountedUntil(tx: SqlRunner, lines: readonly LineRow[]): Promise<void> {
  if (lines.length === 0) return;
  await tx.query(
    `update billing.line_target l set counted_until = n.counted_until
     from unnest($1::text[], $2::text[], $3::timestamptz[]) as n(tenant_id, line_key, counted_until)
     where l.tenant_id = n.tenant_id and l.line_key = n.line_key`,
    [
      textArray(lines.map((line) => line.tenantId)),
      textArray(lines.map((line) => line.lineKey)),
      lines.map((line) => line.countedUntil),
    ],
  );
}
