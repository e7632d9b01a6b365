/**
 * Events and what they fold into. The parts of an assignment's identity are the leading columns of three primary keys, so that one
 * index each serves the batch's look-up, "everything of this user" and "everything of this customer".
 */
export const truthTables: readonly string[] = [
  // The unique identity is what "counted once" rests on.
  `create table billing.event (
     tenant_id billing.code not null,
     source billing.code not null,
     event_id billing.code not null,
     fingerprint text not null,
     type text not null,
     customer_code billing.code not null,
     user_code billing.code not null,
     kind billing.code not null,
     code billing.code not null,
     instance billing.code not null,
     order_key billing.code not null,
     occurred_at timestamptz not null,
     recorded_at timestamptz not null,
     content jsonb not null,
     primary key (tenant_id, source, event_id)
   )`,
  // Events without an assignment of their own (names, removals of users and customers) have kind ''.
  `create index event_by_assignment on billing.event (tenant_id, customer_code, user_code, kind, code, instance)`,
  // Its row lock makes one writer per customer's truth, whoever writes: batches, commands, rebuilds.
  `create table billing.customer (
     tenant_id billing.code not null,
     customer_code billing.code not null,
     name text,
     reseller_code billing.code,
     state jsonb,
     primary key (tenant_id, customer_code)
   ) with (fillfactor = 80)`,
  `create index customer_by_reseller on billing.customer (tenant_id, reseller_code, customer_code) where reseller_code is not null`,
  `create table billing.user (
     tenant_id billing.code not null,
     customer_code billing.code not null,
     user_code billing.code not null,
     state jsonb not null,
     primary key (tenant_id, customer_code, user_code)
   ) with (fillfactor = 80)`,
  `create table billing.assignment (
     tenant_id billing.code not null,
     customer_code billing.code not null,
     user_code billing.code not null,
     kind billing.code not null,
     code billing.code not null,
     instance billing.code not null,
     state jsonb not null,
     primary key (tenant_id, customer_code, user_code, kind, code, instance)
   ) with (fillfactor = 80)`,
  `create index assignment_by_code on billing.assignment (tenant_id, code, customer_code)`,
  // One row per assignment and line, or per plan without a sku. level: units held now; changed_at: when they last changed.
  `create table billing.holding (
     tenant_id billing.code not null,
     customer_code billing.code not null,
     user_code billing.code not null,
     kind billing.code not null,
     code billing.code not null,
     instance billing.code not null,
     row_key billing.code not null,
     sku billing.code,
     line_key billing.code,
     is_billable boolean not null,
     first_from timestamptz not null,
     last_to timestamptz,
     changed_at timestamptz not null,
     level numeric not null,
     content jsonb not null,
     primary key (tenant_id, customer_code, user_code, kind, code, instance, row_key)
   ) with (fillfactor = 80)`,
  // Seats that have not changed since the oldest open period are summed from this index alone.
  `create index holding_by_line on billing.holding (tenant_id, line_key) include (is_billable, changed_at, level) where line_key is not null`,
  // Version 0: known, never sent (nothing in any period from liveFrom on).
  `create table billing.line_target (
     tenant_id billing.code not null,
     line_key billing.code not null,
     customer_code billing.code not null,
     sku billing.code not null,
     term billing.code not null,
     billing_plan billing.code not null,
     site_code billing.code not null,
     target_version bigint not null,
     content jsonb,
     emitted_at timestamptz,
     primary key (tenant_id, line_key)
   ) with (fillfactor = 80)`,
  `create index line_target_by_customer on billing.line_target (tenant_id, customer_code, line_key)`,
];
