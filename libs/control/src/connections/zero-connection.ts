import { appendCommand } from '@trueup/persistence';
import type { EntityManager } from 'typeorm';
import { lockSettings } from '../settings-lock.js';
import type { SqlRunner } from '../sql-runner.js';
import { findConnection } from './find-connections.js';
import { raiseEpoch } from './raise-epoch.js';

/**
 * Has every line of the connection brought to zero from `today` on, like a removal: its customers' mappings end there. Repeated, it changes
 * nothing more. Returns how many lines the PSA may still hold units for; null when there is no such connection.
 */
export async function zeroConnection(
  tx: EntityManager,
  tenantId: string,
  id: string,
  { today, at }: { today: string; at: Date },
): Promise<{ linesLeft: number } | null> {
  await lockSettings(tx, tenantId);
  if (!(await findConnection(tx, tenantId, id))) return null;
  const customerCodes = await mappedCodes(tx, tenantId, id, today);
  if (customerCodes.length > 0) {
    await endMappings(tx, { tenantId, id, customerCodes, today, at });
    await appendCommand(tx, 'control', { tenantId, kind: 'mapping-changed', payload: { customerCodes } });
    await raiseEpoch(tx, tenantId, id, 'mapping');
  }
  return { linesLeft: await countLinesWithUnits(tx, tenantId, id) };
}

/** Customers and resellers mapped there on the day, or from a later one on. */
async function mappedCodes(tx: SqlRunner, tenantId: string, id: string, today: string): Promise<string[]> {
  const rows = await tx.query<{ code: string }[]>(
    `select distinct m.customer_code as code from control.customer_mapping m
     where m.tenant_id = $1 and m.connection_id = $2 and m.billing_identifier is not null
       and (m.valid_from > $3 or not exists (select 1 from control.customer_mapping n where n.tenant_id = m.tenant_id
         and n.customer_code = m.customer_code and n.connection_id = m.connection_id and n.valid_from > m.valid_from
         and n.valid_from <= $3))
     order by 1`,
    [tenantId, id, today],
  );
  return rows.map(({ code }) => code);
}

async function endMappings(
  tx: SqlRunner,
  end: { tenantId: string; id: string; customerCodes: readonly string[]; today: string; at: Date },
): Promise<void> {
  const { tenantId, id, customerCodes, today, at } = end;
  await tx.query(
    `delete from control.customer_mapping
     where tenant_id = $1 and connection_id = $2 and customer_code = any($3::text[]) and valid_from >= $4`,
    [tenantId, id, customerCodes, today],
  );
  await tx.query(
    `insert into control.customer_mapping (tenant_id, customer_code, connection_id, valid_from, recorded_at, is_zeroed)
     select $1, code, $2, $4, $5, true from unnest($3::text[]) as code`,
    [tenantId, id, customerCodes, today, at],
  );
}

/** Lines whose newest release is not "0 until further notice", or not confirmed. What was left or excluded before is nobody's to take away. */
async function countLinesWithUnits(tx: SqlRunner, tenantId: string, id: string): Promise<number> {
  const [row] = await tx.query<{ count: number }[]>(
    `select count(*)::int as count from control.agreement_line l
     where l.tenant_id = $1 and l.connection_id = $2 and l.version > 0 and l.state not in ('abandoned', 'excluded')
       and (l.change->'steps'->-1->>'quantity' <> '0' or l.delivered_version is distinct from l.version)`,
    [tenantId, id],
  );
  return row!.count;
}
