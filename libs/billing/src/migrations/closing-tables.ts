/** What closing a period leaves behind, and the progress of what people asked for. */
export const closingTables: readonly string[] = [
  // closing_since: closing has begun; awaited_offsets: next offsets of the event log that must be applied before anything is frozen.
  `alter table billing.period
     add column closing_since timestamptz, add column awaited_offsets jsonb`,
  `create index period_closing on billing.period (tenant_id, id) where closing_since is not null and closed_at is null`,
  // Version 1 is the frozen truth of a closed period; later versions stand beside it. taken_at null: being written.
  `create table billing.snapshot (
     tenant_id billing.code not null,
     period_id date not null,
     version int not null,
     operation_id text,
     begun_at timestamptz not null,
     taken_at timestamptz,
     item_count int,
     sha256 text,
     primary key (tenant_id, period_id, version)
   )`,
  // A customer's part of a snapshot is written in one transaction under the customer's lock; this row says that it is there.
  `create table billing.snapshot_customer (
     tenant_id billing.code not null,
     period_id date not null,
     version int not null,
     customer_code billing.code not null,
     customer_name text not null,
     primary key (tenant_id, period_id, version, customer_code)
   )`,
  // item: the public row; holding: what lines and explanations are counted from.
  `create table billing.snapshot_item (
     tenant_id billing.code not null,
     period_id date not null,
     version int not null,
     customer_code billing.code not null,
     user_code billing.code not null,
     kind billing.code not null,
     code billing.code not null,
     instance billing.code not null,
     row_key billing.code not null,
     sku billing.code,
     line_key billing.code,
     is_billable boolean not null,
     item json not null,
     holding json not null,
     primary key (tenant_id, period_id, version, customer_code, user_code, kind, code, instance, row_key)
   )`,
  `create index snapshot_item_by_line on billing.snapshot_item (tenant_id, line_key, period_id) where line_key is not null`,
  // A line that held nothing in the period has no row. opening: units held before the period's first instant.
  `create table billing.snapshot_line (
     tenant_id billing.code not null,
     line_key billing.code not null,
     period_id date not null,
     version int not null,
     customer_code billing.code not null,
     opening text not null,
     counts jsonb not null,
     primary key (tenant_id, line_key, period_id, version)
   )`,
  // stage: waiting, running, done. after_customer: everything up to this code is done; whoever resumes goes on behind it.
  `create table billing.operation (
     tenant_id billing.code not null,
     id text not null,
     kind text not null,
     period_id date,
     is_dry_run boolean not null,
     stage text not null,
     done int not null default 0,
     total int not null default 0,
     after_customer billing.code not null default '',
     report jsonb,
     actor jsonb not null,
     requested_at timestamptz not null,
     started_at timestamptz,
     finished_at timestamptz,
     primary key (tenant_id, id)
   )`,
];
