import type { Quantity } from '@trueup/contracts';
import { type AssignmentIdentity, type Holding, movementsOf, sumQuantities } from '@trueup/domain';
import type { SqlRunner } from '../sql-runner.js';
import { packIntervals, type PackedIntervals, unpackIntervals } from './packed-intervals.js';
import { inSlotOrder, type Slot } from './slot.js';
import { slotColumns } from './stored-states.js';
import { jsonTexts, textArray } from './text-array.js';

/** A row of the truth with the tenant it belongs to. */
export interface TenantHolding {
  tenantId: string;
  holding: Holding;
}

/** Columns of a stored row: its key, and the rest of the row as `content`. */
export interface HoldingColumns extends AssignmentIdentity {
  tenantId: string;
  rowKey: string;
  content: Omit<Holding, 'identity' | 'rowKey' | 'intervals'> & { intervals: PackedIntervals | Holding['intervals'] };
}

export const HOLDING_COLUMNS = `h.tenant_id as "tenantId", h.customer_code as "customerCode", h.user_code as "userCode", h.kind, h.code,
  h.instance, h.row_key as "rowKey", h.content`;

export function toHolding({ tenantId, rowKey, content, ...columns }: HoldingColumns): TenantHolding {
  const { customerCode, userCode, kind, code, instance } = columns;
  const identity = { customerCode, userCode, kind, code, instance };
  return { tenantId, holding: { identity, rowKey, ...content, intervals: unpackIntervals(content.intervals) } };
}

/** The rows of these assignments as stored. */
export async function readHoldings(tx: SqlRunner, slots: readonly Slot[]): Promise<TenantHolding[]> {
  if (slots.length === 0) return [];
  const rows = await tx.query<HoldingColumns[]>(
    `select ${HOLDING_COLUMNS} from billing.holding h
     join unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
       as k(tenant_id, customer_code, user_code, kind, code, instance)
       using (tenant_id, customer_code, user_code, kind, code, instance)`,
    slotColumns(slots),
  );
  return rows.map(toHolding);
}

/** Replaces rows whole. The customers' locks make this the only writer. */
export async function writeHoldings(tx: SqlRunner, changed: readonly TenantHolding[]): Promise<void> {
  if (changed.length === 0) return;
  const rows = inSlotOrder(changed, slotOf);
  const column = <T>(pick: (holding: Holding) => T): T[] => rows.map(({ holding }) => pick(holding));
  const ends = rows.map(({ holding }) => lastMovement(holding));
  await tx.query(
    `insert into billing.holding (tenant_id, customer_code, user_code, kind, code, instance, row_key, sku, line_key, is_billable,
       first_from, last_to, changed_at, level, only_rose, content)
     select t, c, u, k, s, i, r, sku, line, is_billable, first_from, last_to, changed_at, level, only_rose, content::json
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[],
       $11::timestamptz[], $12::timestamptz[], $13::timestamptz[], $14::numeric[], $15::boolean[], $16::text[])
       as h(t, c, u, k, s, i, r, sku, line, is_billable, first_from, last_to, changed_at, level, only_rose, content)
     on conflict (tenant_id, customer_code, user_code, kind, code, instance, row_key) do update set
       sku = excluded.sku, line_key = excluded.line_key, is_billable = excluded.is_billable, first_from = excluded.first_from,
       last_to = excluded.last_to, changed_at = excluded.changed_at, level = excluded.level, only_rose = excluded.only_rose, content = excluded.content`,
    [
      ...slotColumns(rows.map(slotOf)),
      textArray(column((holding) => holding.rowKey)),
      textArray(column((holding) => (holding.sku === '' ? null : holding.sku))),
      textArray(column((holding) => holding.lineKey)),
      column((holding) => holding.billable),
      column((holding) => holding.firstFrom),
      column((holding) => holding.lastTo),
      ends.map(({ changedAt }) => changedAt),
      ends.map(({ level }) => level),
      ends.map(({ onlyRose }) => onlyRose),
      jsonTexts(column(contentOf)),
    ],
  );
}

/** What no column of the key tells. */
function contentOf({ identity: _identity, rowKey: _rowKey, ...content }: Holding): HoldingColumns['content'] {
  return { ...content, intervals: packIntervals(content.intervals) };
}

/** Removes rows that no event supports any more. */
export async function deleteHoldings(tx: SqlRunner, gone: readonly TenantHolding[]): Promise<void> {
  if (gone.length === 0) return;
  await tx.query(
    `delete from billing.holding h using unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])
       as k(tenant_id, customer_code, user_code, kind, code, instance, row_key)
     where h.tenant_id = k.tenant_id and h.customer_code = k.customer_code and h.user_code = k.user_code and h.kind = k.kind
       and h.code = k.code and h.instance = k.instance and h.row_key = k.row_key`,
    [...slotColumns(gone.map(slotOf)), textArray(gone.map(({ holding }) => holding.rowKey))],
  );
}

/** The assignment of a row. */
export const slotOf = ({ tenantId, holding }: TenantHolding): Slot => ({ tenantId, ...holding.identity });

function lastMovement(holding: Holding): { changedAt: string; level: Quantity; onlyRose: boolean } {
  const movements = movementsOf(holding);
  const level = sumQuantities(movements.map(({ delta }) => delta));
  return { changedAt: movements.at(-1)?.at ?? holding.firstFrom, level, onlyRose: movements.length === 1 };
}
