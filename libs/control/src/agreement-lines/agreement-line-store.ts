import { type AgreementLineIdentity, lineRefOf } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';
import type { AgreementLineId } from './agreement-line-parts.js';
import { type AgreementLineRow, agreementLineColumns } from './agreement-line-row.js';

export interface NewAgreementLine extends AgreementLineIdentity {
  agreementLineKey: string;
  tenantId: string;
  sku: string;
}

/** Makes the rows that are missing, in key order. */
export async function ensureAgreementLines(tx: SqlRunner, lines: readonly NewAgreementLine[]): Promise<void> {
  const rows = lines.map((line) => ({ ...line, lineRef: lineRefOf(line.agreementLineKey) }));
  await tx.query(
    `insert into control.agreement_line (connection_id, agreement_line_key, tenant_id, line_ref, billing_identifier, agreement_ref,
       product_ref, site_ref, sku, state)
     select "connectionId", "agreementLineKey", "tenantId", "lineRef", "billingIdentifier", "agreementRef", "productRef", "siteRef",
       sku, 'pending'
     from jsonb_to_recordset($1::jsonb) as r("connectionId" text, "agreementLineKey" text, "tenantId" text, "lineRef" text,
       "billingIdentifier" text, "agreementRef" text, "productRef" text, "siteRef" text, sku text)
     order by "connectionId", "agreementLineKey" collate "C"
     on conflict (connection_id, agreement_line_key) do nothing`,
    [JSON.stringify(rows)],
  );
}

/** Locks agreement lines in key order until the transaction ends; unknown keys are absent. */
export function lockAgreementLines(tx: SqlRunner, ids: readonly AgreementLineId[]): Promise<AgreementLineRow[]> {
  return tx.query(
    `select ${agreementLineColumns} from control.agreement_line l
     where (l.connection_id, l.agreement_line_key) in (select c, k from unnest($1::text[], $2::text[] collate "C") as w(c, k))
     order by l.connection_id, l.agreement_line_key for update of l`,
    [ids.map((id) => id.connectionId), ids.map((id) => id.agreementLineKey)],
  );
}

/** Keys of lines that an epoch left behind, those after the key `after`. */
export interface OlderEpochQuery {
  tenantId: string;
  connectionId: string;
  after: string;
  limit: number;
}

/**
 * Locks, in key order, what an epoch leaves behind: lines of the connection, released under an older one, whose newest version has no
 * final outcome or only a preview's.
 */
export function lockLinesOfOlderEpoch(tx: SqlRunner, query: OlderEpochQuery): Promise<AgreementLineRow[]> {
  return tx.query(
    `select ${agreementLineColumns} from control.agreement_line l
     join control.connection c on c.id = l.connection_id and c.tenant_id = $1
     where l.connection_id = $2 and l.agreement_line_key > $3 and l.version > 0 and l.released_epoch < c.epoch and not l.is_blocked
       and (not l.outcome_is_final or l.is_preview)
     order by l.connection_id, l.agreement_line_key limit $4 for update of l`,
    [query.tenantId, query.connectionId, query.after, query.limit],
  );
}

/** Keys of agreement lines whose first day of writing, or of an adopted offset, comes after `after`, up to `until`; or an offset's end. */
export function linesThatMayBeWritten(
  db: SqlRunner,
  tenantId: string,
  days: { after: string; until: string },
): Promise<AgreementLineId[]> {
  return db.query(
    `select connection_id as "connectionId", agreement_line_key as "agreementLineKey" from control.agreement_line
     where tenant_id = $1 and writes_from > $2 and writes_from <= $3
     union
     select connection_id, agreement_line_key from control.resolution
     where tenant_id = $1 and choice = 'adopt' and applied_at is not null
       and ((valid_from > $2 and valid_from <= $3) or (valid_to > $2 and valid_to <= $3))
     order by 1, 2`,
    [tenantId, days.after, days.until],
  );
}

/** Stores the rows as they are now; the caller holds their locks. */
export async function saveAgreementLines(tx: SqlRunner, rows: readonly AgreementLineRow[]): Promise<void> {
  await tx.query(
    `update control.agreement_line l set state = r.state, code = r.code, message = r.message, state_at = r."stateAt",
       is_blocked = r."isBlocked", version = r.version, previewed_version = r."previewedVersion", is_preview = r."isPreview", released_epoch = r."releasedEpoch",
       content_hash = r."contentHash", change = r.change, steps = r.steps, writes_from = r."writesFrom",
       closed_through = r."closedThrough", confirmed_through = r."confirmedThrough", corrects_from = r."correctsFrom", baseline = r.baseline,
       adopted_from = r."adoptedFrom", offset_units = r."offsetUnits", offsets = r.offsets, resolved_from = r."resolvedFrom",
       is_excluded = r."isExcluded", accept_found = r."acceptFound", held_hash = r."heldHash", allowed_hash = r."allowedHash", tally = r.tally,
       floor_units = r."floorUnits", waits_until = r."waitsUntil", spent_budget = r."spentBudget", held = r.held,
       outcome_version = r."outcomeVersion", outcome_kind = r."outcomeKind", outcome_is_final = r."outcomeIsFinal",
       deferred_until = r."deferredUntil", delivered_quantity = r."deliveredQuantity", delivered_at = r."deliveredAt",
       delivered_version = r."deliveredVersion", receipt = r.receipt
     from jsonb_to_recordset($1::jsonb) as r("connectionId" text, "agreementLineKey" text, state text, code text, message text,
       "stateAt" timestamptz, "isBlocked" boolean, version int, "previewedVersion" int, "isPreview" boolean, "releasedEpoch" int, "contentHash" text,
       change jsonb, steps jsonb, "writesFrom" date, "closedThrough" date, "confirmedThrough" date, "correctsFrom" date, baseline jsonb,
       "adoptedFrom" date, "offsetUnits" text, offsets jsonb, "resolvedFrom" date, "isExcluded" boolean,
       "acceptFound" jsonb, "heldHash" text, "allowedHash" text, tally jsonb, "floorUnits" text, "waitsUntil" timestamptz, "spentBudget" jsonb, held jsonb, "outcomeVersion" int, "outcomeKind" text,
       "outcomeIsFinal" boolean, "deferredUntil" date, "deliveredQuantity" text, "deliveredAt" timestamptz,
       "deliveredVersion" int, receipt jsonb)
     where l.connection_id = r."connectionId" and l.agreement_line_key = r."agreementLineKey"`,
    [JSON.stringify(rows)],
  );
}
