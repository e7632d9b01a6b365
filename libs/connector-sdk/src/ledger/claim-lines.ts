import type { EntityManager } from 'typeorm';
import { LEASE_MS, REMEMBERED_WRITES, type ClaimedLine, type ClaimRequest } from './ledger.js';
import { toLedgerWrite, toLineRow, type LineColumns, type WriteColumns } from './line-columns.js';
import type { LedgerWrite } from './line-row.js';

interface Lease {
  billing_identifier: string;
  fence: string;
}

/**
 * Leases free accounts with due lines and reads those lines. Leases live in the database's own time, not in business time: moving the
 * clock for a test must not hand an account over while its write is under way.
 */
export async function claimLines(tx: EntityManager, schema: string, request: ClaimRequest): Promise<ClaimedLine[]> {
  const leases = await leaseAccounts(tx, schema, request);
  if (leases.length === 0) return [];
  const lines = await dueLines(tx, schema, request, leases);
  await giveBackIdle(tx, schema, request, leases, lines);
  const keys = lines.map((line) => line.key);
  const writes = await writesOf(tx, schema, request.connectionId, keys);
  const records = await recordsOf(tx, schema, request.connectionId, keys);
  return lines.map((line) => ({ ...line, writes: writes.get(line.key) ?? [], recordIds: records.get(line.key) ?? [] }));
}

async function leaseAccounts(tx: EntityManager, schema: string, request: ClaimRequest): Promise<Lease[]> {
  const { owner, connectionId, now, limit, held } = request;
  const [leases] = await tx.query<[Lease[], number]>(
    `with due as (
       select distinct billing_identifier from (
         select billing_identifier from "${schema}".desired_line
         where connection_id = $1 and is_due and due_at <= $2 order by due_at limit $3) d),
     free as (
       select l.billing_identifier from "${schema}".account_lease l join due using (billing_identifier)
       where l.connection_id = $1 and (
         l.owner = $4 and l.billing_identifier <> all($5::text[]) or not exists (
           select 1 from "${schema}".replica r where r.owner = l.owner and r.alive_until > statement_timestamp()))
       for update of l skip locked)
     update "${schema}".account_lease l set owner = $4, fence = l.fence + 1 from free
     where l.connection_id = $1 and l.billing_identifier = free.billing_identifier
     returning l.billing_identifier, l.fence`,
    [connectionId, now, limit, owner, held],
  );
  return leases;
}

/** Another replica may have finished an account between the two looks: nobody would give it back later. */
async function giveBackIdle(
  tx: EntityManager,
  schema: string,
  { owner, connectionId }: ClaimRequest,
  leases: readonly Lease[],
  lines: readonly { account: string }[],
): Promise<void> {
  const busy = new Set(lines.map((line) => line.account));
  const idle = leases.map((lease) => lease.billing_identifier).filter((account) => !busy.has(account));
  if (idle.length === 0) return;
  await tx.query(
    `update "${schema}".account_lease set owner = null
     where connection_id = $1 and billing_identifier = any($2::text[]) and owner = $3`,
    [connectionId, idle, owner],
  );
}

async function dueLines(
  tx: EntityManager,
  schema: string,
  { owner, connectionId, now, limit }: ClaimRequest,
  leases: readonly Lease[],
): Promise<Omit<ClaimedLine, 'writes' | 'recordIds'>[]> {
  const fences = new Map(leases.map((lease) => [lease.billing_identifier, lease.fence]));
  const rows = await tx.query<LineColumns[]>(
    `select * from "${schema}".desired_line
     where connection_id = $1 and is_due and due_at <= $2 and billing_identifier = any($3::text[]) order by due_at limit $4`,
    [connectionId, now, [...fences.keys()], limit],
  );
  return rows.map((row) => ({ ...toLineRow(row), owner, fence: fences.get(row.billing_identifier)! }));
}

async function writesOf(
  tx: EntityManager,
  schema: string,
  connectionId: string,
  keys: readonly string[],
): Promise<Map<string, LedgerWrite[]>> {
  const rows = await tx.query<WriteColumns[]>(
    `select * from (
       select w.*, row_number() over (partition by agreement_line_key order by ordinal desc) as age from "${schema}".line_write w
       where connection_id = $1 and agreement_line_key = any($2::text[])) w
     where age <= $3 or state in ('intent', 'acknowledged', 'unknown', 'disputed') order by agreement_line_key, ordinal`,
    [connectionId, keys, REMEMBERED_WRITES],
  );
  const byKey = Map.groupBy(rows, (row) => row.agreement_line_key);
  return new Map([...byKey].map(([key, group]) => [key, group.map(toLedgerWrite)]));
}

async function recordsOf(
  tx: EntityManager,
  schema: string,
  connectionId: string,
  keys: readonly string[],
): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ agreement_line_key: string; record_id: string }[]>(
    `select agreement_line_key, record_id from "${schema}".line_record
     where connection_id = $1 and agreement_line_key = any($2::text[]) order by record_id`,
    [connectionId, keys],
  );
  const byKey = Map.groupBy(rows, (row) => row.agreement_line_key);
  return new Map([...byKey].map(([key, group]) => [key, group.map((row) => row.record_id)]));
}

/** Says that the replica lives for another lease. */
export async function beat(tx: EntityManager, schema: string, owner: string): Promise<void> {
  await tx.query(
    `insert into "${schema}".replica (owner, alive_until) values ($1, statement_timestamp() + make_interval(secs => $2::float8 / 1000))
     on conflict (owner) do update set alive_until = excluded.alive_until`,
    [owner, LEASE_MS],
  );
  await tx.query(`delete from "${schema}".replica where alive_until < statement_timestamp() - interval '1 day'`);
}
