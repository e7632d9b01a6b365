/** What people decide about single agreement lines and runs. Decisions are kept for good: they are their own audit. */
export const decisionTables: readonly string[] = [
  `create table control.resolution (
     id text primary key,
     tenant_id text not null,
     connection_id text not null,
     agreement_line_key text collate "C" not null,
     choice text not null check (choice in ('overwrite', 'adopt', 'exclude')),
     cause text not null check (cause in ('MANUAL', 'PSA_DRIFT')),
     units text,
     reason text not null,
     valid_from date not null,
     valid_to date,
     found jsonb,
     actor jsonb not null,
     decided_at timestamptz not null,
     applied_at timestamptz,
     foreign key (connection_id, agreement_line_key) references control.agreement_line (connection_id, agreement_line_key)
   )`,
  `create index resolution_agreement_line on control.resolution (connection_id, agreement_line_key)`,
  `create index resolution_day on control.resolution (tenant_id, valid_from) where choice = 'adopt'`,
  `create table control.hold_release (
     hold_id text primary key,
     tenant_id text not null,
     connection_id text not null,
     agreement_line_key text collate "C" not null,
     code text,
     message text,
     note text not null,
     actor jsonb not null,
     released_at timestamptz not null,
     applied_at timestamptz,
     foreign key (connection_id, agreement_line_key) references control.agreement_line (connection_id, agreement_line_key)
   )`,
  `create table control.guard (
     tenant_id text not null,
     id text not null,
     position int not null,
     content jsonb not null,
     primary key (tenant_id, id)
   )`,
  `create table control.correction (
     id text primary key,
     tenant_id text not null,
     connection_id text not null,
     agreement_line_key text collate "C" not null,
     period_id date not null,
     units text not null,
     valid_from date not null,
     valid_to date not null,
     state text not null check (state in ('listed', 'scheduled', 'delivered', 'done', 'withdrawn')),
     reason text not null check (reason in ('late', 'date-taken', 'date-shifted', 'posted')),
     message text not null,
     causes jsonb not null,
     created_at timestamptz not null,
     foreign key (connection_id, agreement_line_key) references control.agreement_line (connection_id, agreement_line_key)
   )`,
  `create index correction_tenant on control.correction (tenant_id, period_id, id)`,
  `create index correction_agreement_line on control.correction (connection_id, agreement_line_key)`,
];

/** What decisions make of an agreement line. The offset is a list by date now. */
export const agreementLineDecisions: readonly string[] = [
  `alter table control.agreement_line add column offsets jsonb not null default '[]', add column resolved_from date,
     add column is_excluded boolean not null default false, add column accept_found jsonb, add column held_hash text,
     add column allowed_hash text, add column tally jsonb, add column run_id text, drop column offset_from`,
];

/** A manual run is about some customers, or all, and knows its versions. */
export const manualRunTables: readonly string[] = [
  `alter table control.run add column customer_codes text[], add column actor jsonb`,
  `create table control.run_version (
     run_id text not null references control.run (id),
     connection_id text not null,
     agreement_line_key text collate "C" not null,
     version int not null,
     is_final boolean not null default false,
     primary key (connection_id, agreement_line_key, version)
   )`,
  `create index run_version_run on control.run_version (run_id) where not is_final`,
];
