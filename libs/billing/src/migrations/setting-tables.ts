/** Settings with their dates, what a day and a bad record leave behind. */
export const settingTables: readonly string[] = [
  // In the order of saving. effective_from null: from the beginning, the rows before count no more; else the local day of saving.
  `create table billing.period_setting (
     tenant_id billing.code not null,
     id bigint generated always as identity,
     effective_from date,
     close_day jsonb not null,
     time_zone text not null,
     grace_hours numeric not null,
     live_from date not null,
     saved_at timestamptz not null,
     primary key (tenant_id, id)
   )`,
  // Periods opened so far, back to the earliest event; they carry what happens to a period as a whole.
  `create table billing.period (
     tenant_id billing.code not null,
     id date not null,
     start_date date not null,
     end_date date not null,
     opened_at timestamptz not null,
     closed_at timestamptz,
     primary key (tenant_id, id)
   )`,
  `create table billing.catalogue (
     tenant_id billing.code not null,
     service_code billing.code not null,
     plan_code billing.code not null,
     valid_from date not null,
     sku billing.code not null,
     term billing.code,
     billing_plan billing.code,
     saved_at timestamptz not null,
     primary key (tenant_id, service_code, plan_code, valid_from)
   )`,
  `create index catalogue_by_day on billing.catalogue (tenant_id, valid_from)`,
  `create table billing.day_started (
     tenant_id billing.code not null,
     local_date date not null,
     seen_at timestamptz not null,
     primary key (tenant_id, local_date)
   )`,
  `create table billing.quarantine (
     tenant_id billing.code not null,
     id bigint generated always as identity,
     reason text not null,
     errors jsonb not null,
     topic text not null,
     partition int not null,
     record_offset bigint not null,
     record_key text,
     headers jsonb not null,
     value bytea,
     quarantined_at timestamptz not null,
     primary key (tenant_id, id),
     unique (topic, partition, record_offset)
   )`,
];
