import type { AgreementLineIdentity, ChangeStep, LinePeriod } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

export type AgreementLineId = Pick<AgreementLineIdentity, 'connectionId'> & { agreementLineKey: string };

/** What one line adds to one agreement line. */
export interface AgreementLinePart extends AgreementLineId {
  lineKey: string;
  tenantId: string;
  customerCode: string;
  targetVersion: number;
  mappedFrom: string;
  steps: ChangeStep[];
  /** The same with closed periods as late events make them; null where none did. */
  restated: ChangeStep[] | null;
  /** `removed`: units that removals took away; absent in what an older version stored. */
  periods: (Pick<LinePeriod, 'id' | 'start' | 'end' | 'state'> & Partial<Pick<LinePeriod, 'removed'>>)[];
  /** Whether the line is billed here now. */
  isCurrent: boolean;
  /** Its mapping was removed: the PSA keeps these units, nothing is written for them. */
  isLeft: boolean;
  /** The line is billed on another connection too. */
  isClaimedTwice: boolean;
}

const columns = `p.connection_id as "connectionId", p.agreement_line_key as "agreementLineKey", p.line_key as "lineKey",
  p.tenant_id as "tenantId", p.customer_code as "customerCode", p.target_version::int as "targetVersion", p.mapped_from as "mappedFrom",
  p.steps, p.restated, p.periods, p.is_current as "isCurrent", p.is_left as "isLeft", p.is_claimed_twice as "isClaimedTwice"`;

/** A part with the place of its agreement line, and whether a connector has looked at the PSA's record there. */
export interface PlacedPart extends AgreementLinePart, Omit<AgreementLineIdentity, 'connectionId'> {
  isSeen: boolean;
  /** What the PSA has of it; null while nothing was confirmed. */
  delivered: ChangeStep[] | null;
  /** Whether the PSA has the agreement line as it is now: nothing waits. */
  isAgreementLineDelivered: boolean;
}

/** What these lines add, wherever. Read it with the lines locked. */
export function partsOfLines(tx: SqlRunner, lineKeys: readonly string[]): Promise<PlacedPart[]> {
  return tx.query(
    `select ${columns}, l.billing_identifier as "billingIdentifier", l.agreement_ref as "agreementRef",
       l.product_ref as "productRef", l.site_ref as "siteRef", l.baseline is not null as "isSeen", p.delivered,
       l.state = 'delivered' and l.delivered_version is not distinct from l.version as "isAgreementLineDelivered"
     from control.agreement_line_part p join control.agreement_line l using (connection_id, agreement_line_key)
     where p.line_key = any($1::text[])`,
    [[...lineKeys]],
  );
}

/** A part with the steps of the periods that the PSA has confirmed, as they were delivered; null before the first. */
export interface ConfirmedPart extends AgreementLinePart {
  confirmed: ChangeStep[] | null;
}

/** All parts of these agreement lines in key order. Read it with the agreement lines locked. */
export function partsOfAgreementLines(tx: SqlRunner, ids: readonly AgreementLineId[]): Promise<ConfirmedPart[]> {
  return tx.query(
    `select ${columns}, p.confirmed from control.agreement_line_part p
     join unnest($1::text[], $2::text[]) as w(connection_id, agreement_line_key)
       on p.connection_id = w.connection_id and p.agreement_line_key = w.agreement_line_key
     order by p.connection_id, p.agreement_line_key, p.line_key collate "C"`,
    [ids.map((id) => id.connectionId), ids.map((id) => id.agreementLineKey)],
  );
}

/** Sets what lines add. Needs the rows of the agreement lines, locked. */
export async function writeParts(tx: SqlRunner, parts: readonly AgreementLinePart[]): Promise<void> {
  await tx.query(
    `insert into control.agreement_line_part (connection_id, agreement_line_key, line_key, tenant_id, customer_code, target_version,
       mapped_from, steps, restated, periods, is_current, is_left, is_claimed_twice)
     select * from jsonb_to_recordset($1::jsonb) as r("connectionId" text, "agreementLineKey" text, "lineKey" text, "tenantId" text,
       "customerCode" text, "targetVersion" bigint, "mappedFrom" date, steps jsonb, restated jsonb, periods jsonb, "isCurrent" boolean,
       "isLeft" boolean, "isClaimedTwice" boolean)
     on conflict (connection_id, agreement_line_key, line_key) do update set target_version = excluded.target_version,
       mapped_from = excluded.mapped_from, steps = excluded.steps, restated = excluded.restated, periods = excluded.periods, is_current = excluded.is_current,
       is_left = excluded.is_left, is_claimed_twice = excluded.is_claimed_twice`,
    [JSON.stringify(parts)],
  );
}

/** Keeps what the parts had delivered in the periods that the PSA has confirmed with them: those that end after `after`, up to `through` (exclusive). */
export async function keepConfirmedSteps(
  tx: SqlRunner,
  id: AgreementLineId,
  days: { after: string | null; through: string },
): Promise<void> {
  await tx.query(
    `update control.agreement_line_part p set confirmed = (
       select coalesce(jsonb_agg(s.step order by s.step->>'from'), '[]') from (
         select step from jsonb_array_elements(coalesce(p.confirmed, '[]')) as step where step->>'periodId' < $3
         union all
         select step from jsonb_array_elements(case when jsonb_typeof(p.restated) = 'array' then p.restated else p.steps end) as step
         where step->>'periodId' >= $3 and step->>'periodId' < $4) as s)
     where p.connection_id = $1 and p.agreement_line_key = $2`,
    [id.connectionId, id.agreementLineKey, days.after ?? '', days.through],
  );
}

/** The customers that each of these agreement lines sums, by agreement line key. */
export async function customersOfAgreementLines(tx: SqlRunner, ids: readonly AgreementLineId[]): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ agreementLineKey: string; customerCodes: string[] }[]>(
    `select p.agreement_line_key as "agreementLineKey", array_agg(distinct p.customer_code) as "customerCodes"
     from control.agreement_line_part p
     where (p.connection_id, p.agreement_line_key) in (select c, k from unnest($1::text[], $2::text[] collate "C") as w(c, k))
     group by p.connection_id, p.agreement_line_key`,
    [ids.map((id) => id.connectionId), ids.map((id) => id.agreementLineKey)],
  );
  return new Map(rows.map((row) => [row.agreementLineKey, row.customerCodes]));
}
