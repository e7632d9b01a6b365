import type { SqlRunner } from '../sql-runner.js';
import type { EventRow } from './event-row.js';
import { jsonTexts, textArray } from './text-array.js';

/** What became of the events of a batch. */
export interface StoredEvents {
  fresh: EventRow[];
  duplicates: EventRow[];
  /** Same identity, other content: the first applied wins. */
  conflicts: EventRow[];
}

// Sources and ids are printable; a tenant, which a foreign header may name, stands last.
const SEPARATOR = '\u0001';

/** An event's identity: what "counted once" rests on. */
export const identityOf = ({ slot, event }: EventRow): string => event.source + SEPARATOR + event.id + SEPARATOR + slot.tenantId;

/** Adds events to the store for good and tells which of them are new. */
export async function storeEvents(tx: SqlRunner, rows: readonly EventRow[]): Promise<StoredEvents> {
  const firsts = new Map<string, EventRow>();
  for (const row of rows) if (!firsts.has(identityOf(row))) firsts.set(identityOf(row), row);
  const inserted = await insertEvents(tx, [...firsts.values()]);
  const known = await fingerprints(
    tx,
    [...firsts].filter(([identity]) => !inserted.has(identity)).map(([, row]) => row),
  );
  const stored: StoredEvents = { fresh: [], duplicates: [], conflicts: [] };
  for (const row of rows) {
    const identity = identityOf(row);
    const first = firsts.get(identity)!;
    if (row === first && inserted.has(identity)) stored.fresh.push(row);
    else if ((known.get(identity) ?? first.fingerprint) === row.fingerprint) stored.duplicates.push(row);
    else stored.conflicts.push(row);
  }
  return stored;
}

type Identity = { tenant_id: string; source: string; event_id: string };
const textOf = (key: Identity): string => key.source + SEPARATOR + key.event_id + SEPARATOR + key.tenant_id;

async function insertEvents(tx: SqlRunner, rows: readonly EventRow[]): Promise<Set<string>> {
  const column = (pick: (row: EventRow) => string): Buffer => textArray(rows.map(pick));
  const inserted = await tx.query<Identity[]>(
    // In key order: two batches that carry the same repeats wait for each other in one direction only.
    `insert into billing.event (tenant_id, source, event_id, fingerprint, type, customer_code, user_code, kind, code, instance,
       order_key, occurred_at, recorded_at, content)
     select tenant_id, source, event_id, fingerprint, type, customer_code, user_code, kind, code, instance, order_key,
       occurred_at::timestamptz, recorded_at::timestamptz, content::json
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[],
       $11::text[], $12::text[], $13::text[], $14::text[]) as e(tenant_id, source, event_id, fingerprint, type, customer_code, user_code,
       kind, code, instance, order_key, occurred_at, recorded_at, content)
     order by e.tenant_id collate "C", e.source collate "C", e.event_id collate "C"
     on conflict do nothing returning tenant_id, source, event_id`,
    [
      column((row) => row.slot.tenantId),
      column((row) => row.event.source),
      column((row) => row.event.id),
      column((row) => row.fingerprint),
      column((row) => row.event.type),
      column((row) => row.slot.customerCode),
      column((row) => row.slot.userCode),
      column((row) => row.slot.kind),
      column((row) => row.slot.code),
      column((row) => row.slot.instance),
      column((row) => row.orderKey),
      column((row) => row.event.time),
      column((row) => row.recordedAt),
      jsonTexts(rows.map((row) => row.event)),
    ],
  );
  return new Set(inserted.map(textOf));
}

async function fingerprints(tx: SqlRunner, rows: readonly EventRow[]): Promise<Map<string, string>> {
  if (rows.length === 0) return new Map();
  const found = await tx.query<(Identity & { fingerprint: string })[]>(
    `select e.tenant_id, e.source, e.event_id, e.fingerprint from billing.event e
     join unnest($1::text[], $2::text[], $3::text[]) as k(tenant_id, source, event_id) using (tenant_id, source, event_id)`,
    [(row: EventRow) => row.slot.tenantId, (row: EventRow) => row.event.source, (row: EventRow) => row.event.id].map((pick) =>
      textArray(rows.map(pick)),
    ),
  );
  return new Map(found.map((row) => [textOf(row), row.fingerprint]));
}
