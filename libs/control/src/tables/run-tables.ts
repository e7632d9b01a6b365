/** Executions over a connection and their coded entries. `once_key` keeps an entry from being written twice in one run. */
export const runTables: readonly string[] = [
  `create table control.run (
     id text primary key,
     tenant_id text not null,
     connection_id text not null references control.connection (id),
     kind text not null check (kind in ('continuous', 'manual', 'scheduled')),
     local_date date,
     state text not null check (state in ('running', 'finished')),
     started_at timestamptz not null,
     finished_at timestamptz
   )`,
  `create unique index run_day on control.run (connection_id, local_date) where kind = 'continuous'`,
  `create index run_tenant on control.run (tenant_id, started_at, id)`,
  `create table control.log_entry (
     id bigint generated always as identity primary key,
     run_id text not null references control.run (id),
     tenant_id text not null,
     connection_id text not null,
     at timestamptz not null,
     level text not null,
     code text not null,
     alias text,
     owner text not null,
     customer_code text collate "C",
     sku text,
     agreement_line_key text,
     message text not null,
     remedy text,
     details jsonb not null,
     once_key text
   )`,
  `create index log_entry_run on control.log_entry (run_id, id)`,
  `create unique index log_entry_once on control.log_entry (run_id, once_key) where once_key is not null`,
  `create table control.day_started (
     tenant_id text not null,
     local_date date not null,
     primary key (tenant_id, local_date)
   )`,
  `create table control.quarantine (
     topic text not null,
     partition int not null,
     record_offset bigint not null,
     record_key text,
     value bytea,
     problems jsonb not null,
     recorded_at timestamptz not null,
     primary key (topic, partition, record_offset)
   )`,
];
