import { type LineTarget, type Payer } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** A line's latest target. */
export interface StoredPart {
  lineKey: string;
  tenantId: string;
  customerCode: string;
  sku: string;
  target: LineTarget;
  /** Why nothing bills it, as last decided. */
  code: string | null;
}

/** A target with every code under which its payers may be mapped. */
export interface ReceivedTarget {
  target: LineTarget;
  payerCodes: readonly string[];
}

export interface CustomerOfTenant {
  tenantId: string;
  customerCode: string;
}

/**
 * Stores targets that are newer than what is known; they wait there for the end of their set. A batch names each line once.
 * A key that belongs to another tenant changes nothing.
 */
export async function storeTargets(tx: SqlRunner, received: readonly ReceivedTarget[], at: Date): Promise<void> {
  const rows = [...received]
    .sort((a, b) => (a.target.lineKey < b.target.lineKey ? -1 : 1))
    .map(({ target, payerCodes }) => ({
      ...target,
      resellerCode: resellerOf(target.payers),
      payerCodes,
      target,
    }));
  await tx.query(
    `insert into control.line_part as p (line_key, tenant_id, customer_code, sku, reseller_code, payer_codes, target_version, target,
       is_undecided, updated_at)
     select "lineKey", "tenantId", "customerCode", sku, "resellerCode", "payerCodes", "targetVersion", target, true, $2
     from jsonb_to_recordset($1::jsonb) as r("lineKey" text, "tenantId" text, "customerCode" text, sku text, "resellerCode" text,
       "payerCodes" text[], "targetVersion" bigint, target jsonb)
     order by "lineKey" collate "C"
     on conflict (line_key) do update set reseller_code = excluded.reseller_code, payer_codes = excluded.payer_codes,
       target_version = excluded.target_version, target = excluded.target, is_undecided = true, updated_at = excluded.updated_at
     where p.target_version < excluded.target_version and p.tenant_id = excluded.tenant_id`,
    [JSON.stringify(rows), at],
  );
}

/** Lines of these customers whose newest target is not decided yet. */
export async function undecidedLines(tx: SqlRunner, customers: readonly CustomerOfTenant[]): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ tenantId: string; lineKey: string }[]>(
    `select tenant_id as "tenantId", line_key as "lineKey" from control.line_part
     where is_undecided and (tenant_id, customer_code) in (select t, c from unnest($1::text[], $2::text[] collate "C") as w(t, c))
     order by tenant_id, line_key collate "C"`,
    [customers.map((customer) => customer.tenantId), customers.map((customer) => customer.customerCode)],
  );
  return groupKeys(rows);
}

/** Locks lines in key order until the transaction ends; decisions of one line follow each other. */
export async function lockLines(tx: SqlRunner, tenantId: string, lineKeys: readonly string[]): Promise<StoredPart[]> {
  return tx.query(
    `select line_key as "lineKey", tenant_id as "tenantId", customer_code as "customerCode", sku, target, code
     from control.line_part where tenant_id = $1 and line_key = any($2::text[]) order by line_key collate "C" for update`,
    [tenantId, [...lineKeys]],
  );
}

/** What a command concerns: lines paid under these codes, of these skus, on this connection, or all of the tenant. */
export interface LineSelection {
  payerCodes?: readonly string[];
  skus?: readonly string[];
  connectionId?: string;
}

/** Keys of the decided lines that a setting concerns. Lines in the middle of a set are left out: the end of the set decides them. */
export async function selectLines(tx: SqlRunner, tenantId: string, selection: LineSelection): Promise<string[]> {
  const rows = await tx.query<{ lineKey: string }[]>(
    `select p.line_key as "lineKey" from control.line_part p
     where p.tenant_id = $1 and not p.is_undecided
       and ($2::text[] is null or p.payer_codes && $2::text[]) and ($3::text[] is null or p.sku = any($3::text[]))
       and ($4::text is null or exists (select 1 from control.agreement_line_part a
         where a.line_key = p.line_key and a.connection_id = $4))
     order by p.line_key collate "C"`,
    [tenantId, selection.payerCodes ?? null, selection.skus ?? null, selection.connectionId ?? null],
  );
  return rows.map((row) => row.lineKey);
}

/** Marks lines as decided, with the reason why nothing bills them, if so. */
export async function markDecided(tx: SqlRunner, decided: readonly { lineKey: string; code: string | null }[]): Promise<void> {
  await tx.query(
    `update control.line_part p set is_undecided = false, code = r.code
     from unnest($1::text[], $2::text[]) as r(line_key, code) where p.line_key = r.line_key`,
    [decided.map((line) => line.lineKey), decided.map((line) => line.code)],
  );
}

function resellerOf(payers: readonly Payer[]): string | null {
  return payers.at(-1)?.resellerCode ?? null;
}

function groupKeys(rows: readonly { tenantId: string; lineKey: string }[]): Map<string, string[]> {
  const groups = Map.groupBy(rows, (row) => row.tenantId);
  return new Map([...groups].map(([tenantId, group]) => [tenantId, group.map((row) => row.lineKey)]));
}
