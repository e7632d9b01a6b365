import type { CustomerMapping } from '@trueup/contracts';
import type { EntityManager } from 'typeorm';
import { lockSettings } from '../settings-lock.js';
import type { SqlRunner } from '../sql-runner.js';
import {
  type MappingChange,
  type MappingEnd,
  announceMappingChange,
  repeatedRowErrors,
  unknownConnectionErrors,
} from './mapping-change.js';

export interface CustomerRef {
  tenantId: string;
  /** A customer's code, or a reseller's: a reseller is mapped under its own code like a customer. */
  customerCode: string;
}

// A row without a target ends the mapping on its day; only what follows the last end is in the list.
const livingRows = `select m.connection_id as "connectionId", m.billing_identifier as "billingIdentifier",
    m.agreement_ref as "agreementRef", m.valid_from as "validFrom", m.customer_code as "customerCode"
  from control.customer_mapping m join control.connection c on c.id = m.connection_id and c.deleted_at is null
  where m.tenant_id = $1 and m.billing_identifier is not null
    and not exists (select 1 from control.customer_mapping e where e.tenant_id = m.tenant_id and e.customer_code = m.customer_code
      and e.connection_id = m.connection_id and e.billing_identifier is null and e.valid_from > m.valid_from)`;

/** The dated rows of one customer, by connection and day; empty when it is not mapped. */
export async function customerMappingsOf(db: SqlRunner, ref: CustomerRef): Promise<CustomerMapping[]> {
  const rows = await db.query<MappingRow[]>(
    `${livingRows} and m.customer_code = $2 order by m.connection_id collate "C", m.valid_from`,
    [ref.tenantId, ref.customerCode],
  );
  return rows.map(toMapping);
}

/**
 * Adds dated rows; earlier rows keep the days before them. A connection that the list does not name is left on the first day of the
 * list: nothing is written there. Pointers of the errors index the list.
 */
export async function putCustomerMappings(
  tx: EntityManager,
  ref: CustomerRef,
  wanted: readonly CustomerMapping[],
  at: Date,
): Promise<MappingChange<CustomerMapping>> {
  await lockSettings(tx, ref.tenantId);
  const errors = [
    ...(await unknownConnectionErrors(tx, ref.tenantId, wanted)),
    ...repeatedRowErrors(wanted, (row) => `${row.connectionId} ${row.validFrom}`),
  ];
  if (errors.length > 0) return { errors };
  const before = await customerMappingsOf(tx, ref);
  const named = new Set(wanted.map((row) => row.connectionId));
  const firstDay = wanted.map((row) => row.validFrom).sort()[0];
  const left = before.map((row) => row.connectionId).filter((id) => !named.has(id));
  if (firstDay !== undefined) await endRows(tx, ref, left, firstDay, at);
  for (const row of wanted) await storeRow(tx, ref, row, at);
  await announceMappingChange(tx, ref.tenantId, [...named, ...left], { customerCodes: [ref.customerCode] });
  return { mappings: await customerMappingsOf(tx, ref) };
}

/**
 * Ends the customer's mappings (one connection's, or all) on `today`. Nothing is written to a PSA and its lines show `abandoned`, unless the end
 * takes the units away.
 * False when there is nothing to end.
 */
export async function deleteCustomerMappings(tx: EntityManager, ref: CustomerRef, end: MappingEnd, at: Date): Promise<boolean> {
  await lockSettings(tx, ref.tenantId);
  const before = (await customerMappingsOf(tx, ref)).map((row) => row.connectionId);
  const ended = before.filter((id) => end.connectionId === undefined || id === end.connectionId);
  if (ended.length === 0) return false;
  await endRows(tx, ref, ended, end.today, at, end.onRemove === 'zero');
  await announceMappingChange(tx, ref.tenantId, ended, { customerCodes: [ref.customerCode] });
  return true;
}

interface MappingRow {
  customerCode: string;
  connectionId: string;
  billingIdentifier: string;
  agreementRef: string | null;
  validFrom: string;
}

function toMapping(row: MappingRow): CustomerMapping {
  const { connectionId, billingIdentifier, agreementRef, validFrom } = row;
  return { connectionId, billingIdentifier, ...(agreementRef !== null && { agreementRef }), validFrom };
}

async function storeRow(tx: SqlRunner, ref: CustomerRef, row: CustomerMapping, at: Date): Promise<void> {
  await tx.query(
    `insert into control.customer_mapping
       (tenant_id, customer_code, connection_id, valid_from, billing_identifier, agreement_ref, recorded_at)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (tenant_id, customer_code, connection_id, valid_from) do update
       set billing_identifier = excluded.billing_identifier, agreement_ref = excluded.agreement_ref, recorded_at = excluded.recorded_at`,
    [ref.tenantId, ref.customerCode, row.connectionId, row.validFrom, row.billingIdentifier, row.agreementRef ?? null, at],
  );
}

async function endRows(
  tx: SqlRunner,
  ref: CustomerRef,
  connectionIds: string[],
  day: string,
  at: Date,
  isZeroed = false,
): Promise<void> {
  await tx.query(
    `delete from control.customer_mapping
     where tenant_id = $1 and customer_code = $2 and connection_id = any($3) and valid_from >= $4`,
    [ref.tenantId, ref.customerCode, connectionIds, day],
  );
  await tx.query(
    `insert into control.customer_mapping (tenant_id, customer_code, connection_id, valid_from, recorded_at, is_zeroed)
     select $1, $2, id, $4, $5, $6 from unnest($3::text[]) as id on conflict do nothing`,
    [ref.tenantId, ref.customerCode, [...new Set(connectionIds)], day, at, isZeroed],
  );
}

/** Customers that have mappings, in code order, those after the code `after`. `codes` narrows the list to a reach. */
export async function listCustomerMappings(
  db: SqlRunner,
  tenantId: string,
  page: { after?: string; limit: number; codes?: readonly string[] },
): Promise<{ customerCode: string; mappings: CustomerMapping[] }[]> {
  const rows = await db.query<MappingRow[]>(
    `with listed as (${livingRows} and m.customer_code > $2 and ($3::text[] is null or m.customer_code = any($3::text[]))),
       page as (select distinct "customerCode" as code from listed order by 1 limit $4)
     select listed.* from listed join page on page.code = "customerCode" order by "customerCode", "connectionId" collate "C", "validFrom"`,
    [tenantId, page.after ?? '', page.codes ?? null, page.limit],
  );
  const byCode = Map.groupBy(rows, (row) => row.customerCode);
  return [...byCode].map(([customerCode, group]) => ({ customerCode, mappings: group.map(toMapping) }));
}
