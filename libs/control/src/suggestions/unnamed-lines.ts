import type { PsaLine } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';
import { newestPsaLists } from './psa-lists.js';

export interface UnnamedLinesFilter {
  tenantId: string;
  connectionId: string;
  /** Account name and line after which the page begins. */
  after?: readonly [accountName: string, ref: string];
  limit: number;
}

/** What the PSA bills though no agreement line of the connection names it. */
export interface UnnamedLines {
  /** By account name. */
  lines: PsaLine[];
  /** Of all pages. */
  total: number;
  /** When the PSA was asked. */
  readAt: Date;
  /** Whether the connector said what the PSA bills; if not, there are no lines. */
  isListed: boolean;
}

// As PSAs compare what mappings say.
const plain = (text: string): string => `lower(btrim(${text}))`;
const position = `line->>'accountName' collate "C", line->>'ref' collate "C"`;

// Of an agreement line whose parts were all left, nothing is written any more: it names nothing. One without an agreement of its own names
// the account's lines in every agreement.
const named = `select distinct ${plain('l.billing_identifier')} as account, ${plain('l.product_ref')} as product, ${plain('l.agreement_ref')} as agreement
  from control.agreement_line l where l.tenant_id = $1 and l.connection_id = $2 and exists (
    select 1 from control.agreement_line_part p where p.connection_id = l.connection_id
      and p.agreement_line_key = l.agreement_line_key and not p.is_left)`;
const isOfAgreement = `(n.agreement in ('', ${plain(`line->>'agreementRef'`)}) or exists (
  select 1 from jsonb_array_elements_text(line->'agreementIdentifiers') other where ${plain('other')} = n.agreement))`;

/** One page of them, out of the newest complete lists; null while there are none. */
export async function listUnnamedLines(db: SqlRunner, filter: UnnamedLinesFilter): Promise<UnnamedLines | null> {
  const { tenantId, connectionId, after, limit } = filter;
  const rows = await db.query<[Omit<UnnamedLines, 'readAt'> & { readAt: Date | null }]>(
    `with list as materialized (${newestPsaLists}),
     named as materialized (${named}),
     unnamed as materialized (
       select line from list, jsonb_array_elements(list.lines) line where not exists (
         select 1 from named n where n.account = ${plain(`line->>'accountRef'`)} and n.product = ${plain(`line->>'productRef'`)}
           and ${isOfAgreement})),
     page as (select line from unnamed where $3::text is null or (${position}) > ($3::text collate "C", $4::text collate "C")
       order by ${position} limit $5)
     select (select min(read_at) from list) as "readAt", coalesce((select bool_and(lines is not null) from list), false) as "isListed",
       (select count(*)::int from unnamed) as total,
       (select coalesce(jsonb_agg(line order by ${position}), '[]') from page) as lines`,
    [tenantId, connectionId, after?.[0] ?? null, after?.[1] ?? null, limit],
  );
  const { readAt, ...found } = rows[0];
  return readAt === null ? null : { ...found, readAt };
}
