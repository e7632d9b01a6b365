// Rows of a projected tenant copied under other codes: a million assignments in minutes instead of an hour.

/** Makes `copies` of everything, the first being there: as other customers, or as other users of the same customers. */
export async function multiply(database, { copies, copiesAre }) {
  for (let copy = 1; copy < copies; copy++) for (const sql of statements(copiesAre, `-${copy}`)) await database.query(sql);
  if (copies === 1) return;
  // The copied counts are not those of the new rows: the first touch of a line counts all of them.
  await database.query('update billing.line_target set counted_until = null');
}

function statements(copiesAre, suffix) {
  const isCustomers = copiesAre === 'customers';
  const customer = isCustomers ? `customer_code || '${suffix}'` : 'customer_code';
  const user = isCustomers ? 'user_code' : `user_code || '${suffix}'`;
  const line = isCustomers ? `line_key || '${suffix}'` : 'line_key';
  const original = isCustomers ? `customer_code not like 'C-%-%'` : `user_code not like '%.com-%'`;
  return [
    isCustomers &&
      `insert into billing.customer (tenant_id, customer_code, name, reseller_code, state)
       select tenant_id, ${customer}, name, reseller_code, state from billing.customer where ${original}`,
    `insert into billing.event (tenant_id, source, event_id, fingerprint, type, customer_code, user_code, kind, code, instance, order_key,
       occurred_at, recorded_at, content)
     select tenant_id, source, event_id || '${suffix}', fingerprint, type, ${customer}, ${user}, kind, code, instance, order_key,
       occurred_at, recorded_at, content from billing.event where ${original}`,
    `insert into billing.assignment (tenant_id, customer_code, user_code, kind, code, instance, state)
     select tenant_id, ${customer}, ${user}, kind, code, instance, state from billing.assignment where ${original}`,
    isCustomers &&
      `insert into billing.line_target (tenant_id, line_key, customer_code, sku, term, billing_plan, site_code, target_version, content)
       select tenant_id, ${line}, ${customer}, sku, term, billing_plan, site_code, target_version, content
       from billing.line_target where ${original}`,
    `insert into billing.holding (tenant_id, customer_code, user_code, kind, code, instance, row_key, sku, line_key, is_billable, first_from,
       last_to, changed_at, level, only_rose, content)
     select tenant_id, ${customer}, ${user}, kind, code, instance, row_key, sku, ${line}, is_billable, first_from, last_to, changed_at, level,
       only_rose, replace(content::text, line_key, ${line})::json from billing.holding where ${original}`,
  ].filter(Boolean);
}
