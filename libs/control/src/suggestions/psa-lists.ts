import type { Code, PsaEntry, PsaListPart } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

/** Why a connector could not list. */
export interface ListProblem {
  code: Code;
  message: string;
}

/** The newest lists that are complete. */
export interface PsaLists {
  accounts: PsaEntry[];
  products: PsaEntry[];
  /** When the PSA was asked. */
  readAt: Date;
}

/** How far the requests for lists are. */
export interface ListProgress {
  requested: number;
  answered: number;
  /** Of the last answer, when it brought no lists. */
  problem: ListProblem | null;
}

/** Asks the connector for the lists; returns the number that its answer will carry, or null when there is no such connection. */
export async function requestLists(tx: SqlRunner, tenantId: string, connectionId: string): Promise<number | null> {
  const rows = await tx.query<{ number: number }[]>(
    `with asked as (
       update control.connection set list_requested = list_requested + 1
       where tenant_id = $1 and id = $2 and deleted_at is null returning list_requested)
     select list_requested as number from asked`,
    [tenantId, connectionId],
  );
  return rows[0]?.number ?? null;
}

/** Null when there is no such connection. */
export async function listProgress(db: SqlRunner, tenantId: string, connectionId: string): Promise<ListProgress | null> {
  const rows = await db.query<ListProgress[]>(
    `select list_requested as requested, list_answered as answered, list_problem as problem from control.connection
     where tenant_id = $1 and id = $2 and deleted_at is null`,
    [tenantId, connectionId],
  );
  return rows[0] ?? null;
}

/**
 * Stores one part of the lists. With the last of them the request is answered, and older lists go. What came before, or belongs to an answer
 * that a newer one replaced, changes nothing.
 */
export async function recordListPart(
  tx: SqlRunner,
  answer: { tenantId: string; connectionId: string; number: number; list: PsaListPart },
): Promise<void> {
  const { tenantId, connectionId, number, list } = answer;
  const { part, parts, readAt, accounts, products } = list;
  const lines = list.lines === undefined ? null : JSON.stringify(list.lines);
  await tx.query(
    `insert into control.psa_list_part (tenant_id, connection_id, list_number, part, parts, read_at, accounts, products, lines)
     select $1, c.id, $3, $4::int, $5::int, $6::timestamptz, $7::jsonb, $8::jsonb, $9::jsonb from control.connection c
     where c.tenant_id = $1 and c.id = $2 and c.list_answered < $3 on conflict do nothing`,
    [tenantId, connectionId, number, part, parts, readAt, JSON.stringify(accounts), JSON.stringify(products), lines],
  );
  await tx.query(
    `with complete as (
       select list_number from control.psa_list_part where connection_id = $2 and list_number = $3
       group by list_number having count(*) = max(parts)),
     answered as (
       update control.connection set list_answered = $3, list_problem = null
       where tenant_id = $1 and id = $2 and list_answered < $3 and exists (select 1 from complete) returning id)
     delete from control.psa_list_part p using answered where p.connection_id = answered.id and p.list_number < $3`,
    [tenantId, connectionId, number],
  );
}

/** The lists could not be read: the ones that were read before stay. */
export async function recordListProblem(
  tx: SqlRunner,
  answer: { tenantId: string; connectionId: string; number: number; problem: ListProblem },
): Promise<void> {
  await tx.query(
    `update control.connection set list_answered = $3, list_problem = $4
     where tenant_id = $1 and id = $2 and list_answered < $3`,
    [answer.tenantId, answer.connectionId, answer.number, JSON.stringify(answer.problem)],
  );
}

/** The parts of the newest complete lists: of tenant $1 and connection $2. */
export const newestPsaLists = `select p.* from control.psa_list_part p
  where p.tenant_id = $1 and p.connection_id = $2 and p.list_number = (
    select max(list_number) from (
      select list_number from control.psa_list_part where connection_id = $2 group by list_number having count(*) = max(parts)) complete)`;

/** The newest complete lists of a connection; null while there are none. */
export async function findPsaLists(db: SqlRunner, tenantId: string, connectionId: string): Promise<PsaLists | null> {
  const rows = await db.query<{ readAt: Date; accounts: PsaEntry[]; products: PsaEntry[] }[]>(
    `select read_at as "readAt", accounts, products from (${newestPsaLists}) newest order by part`,
    [tenantId, connectionId],
  );
  const [first] = rows;
  if (first === undefined) return null;
  const accounts = rows.flatMap((row) => row.accounts);
  return { accounts, products: rows.flatMap((row) => row.products), readAt: first.readAt };
}
