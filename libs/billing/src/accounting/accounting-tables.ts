/** Both ends of the accounting identity, the differences under watch, and what the last check said. */
export const accountingTables: readonly string[] = [
  // What one process of ingest acknowledged: its own total of the hour, so that writing it twice changes nothing.
  `create table billing.accepted_events (
     tenant_id billing.code not null,
     hour timestamptz not null,
     instance text not null,
     accepted bigint not null,
     primary key (tenant_id, hour, instance)
   ) with (fillfactor = 50)`,
  // What became of the records of a partition, by the hour in which ingest took them. Partition -1: what people decided about quarantined
  // ones afterwards, so that nobody waits for a projector's row; it may be below zero, the sum of an hour never is.
  `create table billing.projected_events (
     tenant_id billing.code not null,
     hour timestamptz not null,
     partition int not null,
     applied bigint not null,
     duplicates bigint not null,
     quarantined bigint not null,
     primary key (tenant_id, hour, partition)
   ) with (fillfactor = 50)`,
  // A difference since the check that saw it first; it ends when "upto" accepted events of the hour are accounted for.
  `create table billing.accounting_difference (
     tenant_id billing.code not null,
     identity text not null,
     hour timestamptz not null,
     since timestamptz not null,
     size bigint not null,
     upto bigint not null,
     primary key (tenant_id, identity, hour)
   )`,
  `create table billing.accounting_check (
     tenant_id billing.code not null,
     identity text not null,
     unexplained bigint not null,
     oldest_since timestamptz,
     checked_at timestamptz not null,
     primary key (tenant_id, identity)
   )`,
  // The hour under which a record was counted, also when it says none that can be read. Null: set aside by a version that did not count.
  `alter table billing.quarantine add column counted_at timestamptz`,
  `update billing.quarantine set counted_at = date_trunc('hour', quarantined_at, 'UTC')`,
  // Events are stored about in the order of their arrival: a few bytes per megabyte find those of an hour.
  `create index event_by_arrival on billing.event using brin (recorded_at)`,
];
