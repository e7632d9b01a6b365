// Rows for bench/lists.mjs: one seat goes through the real projection, all others are copies of its rows under other codes.
const CUSTOMER = 'C-0000';
const USER = 'U-0000';
const perCustomer = 1000;

/** The events of the first seat. */
export function template(now) {
  const time = new Date(now.getTime() - 3_600_000).toISOString();
  const attributes = { specversion: '1.0', source: 'urn:bench', time, subject: CUSTOMER };
  const event = (id, type, data) => ({ ...attributes, id, type: `trueup.${type}.v1`, data });
  return [
    event('e-customer', 'customer.created', { name: `Customer ${CUSTOMER}` }),
    event('e-user', 'user.created', { userCode: USER, name: `User ${USER}` }),
    event(`e-${USER}`, 'user.service.assigned', {
      userCode: USER,
      serviceCode: 'MAIL',
      serviceName: 'Mail',
      planCode: 'E3',
      planName: 'E3',
      sku: 'SKU-MAIL',
    }),
  ];
}

/** Customers of 1,000 users with one seat each: as many holdings, users and events as `rows`. */
export async function fillUsers(sql, tenantId, rows) {
  const customers = Math.ceil(rows / perCustomer);
  const code = `'C-' || to_char(c, 'FM0000')`;
  const user = `'U-' || to_char(u, 'FM0000')`;
  const each = `generate_series(1, ${customers}) c`;
  const everyUser = `${each}, generate_series(1, ${perCustomer}) u`;
  const lineKey = `'ln_' || to_char(c, 'FM0000')`;
  await copyCustomers(sql, tenantId, { code, each });
  await copyLines(sql, tenantId, { code, each, lineKey });
  await copyUsers(sql, tenantId, { code, user, from: everyUser });
  await copySeats(sql, tenantId, { code, user, lineKey, from: everyUser });
  await sql.query(
    `insert into billing.event
       select t.tenant_id, t.source, 'e-' || ${code} || ${user}, t.fingerprint, t.type, ${code}, ${user}, t.kind, t.code, t.instance,
         t.order_key || ${user}, t.occurred_at, t.recorded_at,
         replace(replace(t.content::text, '${CUSTOMER}', ${code}), '${USER}', ${user})::json
       from billing.event t, ${everyUser} where t.tenant_id = $1 and t.event_id = 'e-${USER}'`,
    [tenantId],
  );
}

/** As many customers as `rows`, each with one user, one seat and one line. */
export async function fillCustomers(sql, tenantId, rows) {
  const code = `'C-' || to_char(c, 'FM0000000')`;
  const each = `generate_series(1, ${rows}) c`;
  const lineKey = `'ln_' || to_char(c, 'FM0000000') || 'x'`;
  await copyCustomers(sql, tenantId, { code, each });
  await copyLines(sql, tenantId, { code, each, lineKey });
  await copySeats(sql, tenantId, { code, user: `'${USER}'`, lineKey, from: each });
}

function copyCustomers(sql, tenantId, { code, each }) {
  return sql.query(
    `insert into billing.customer (tenant_id, customer_code, name, reseller_code, state)
       select t.tenant_id, ${code}, replace(t.name, '${CUSTOMER}', ${code}), null, replace(t.state::text, '${CUSTOMER}', ${code})::json
       from billing.customer t, ${each} where t.tenant_id = $1 and t.customer_code = '${CUSTOMER}'`,
    [tenantId],
  );
}

function copyLines(sql, tenantId, { code, each, lineKey }) {
  return sql.query(
    `insert into billing.line_target (tenant_id, line_key, customer_code, sku, term, billing_plan, site_code, target_version, content)
       select t.tenant_id, ${lineKey}, ${code}, t.sku, t.term, t.billing_plan, t.site_code, 1, t.content
       from billing.line_target t, ${each} where t.tenant_id = $1 and t.customer_code = '${CUSTOMER}' and t.sku = 'SKU-MAIL'`,
    [tenantId],
  );
}

function copyUsers(sql, tenantId, { code, user, from }) {
  return sql.query(
    `insert into billing.user (tenant_id, customer_code, user_code, state)
       select t.tenant_id, ${code}, ${user}, replace(replace(t.state::text, '${CUSTOMER}', ${code}), '${USER}', ${user})::json
       from billing.user t, ${from} where t.tenant_id = $1 and t.user_code = '${USER}' and t.customer_code = '${CUSTOMER}'`,
    [tenantId],
  );
}

function copySeats(sql, tenantId, { code, user, lineKey, from }) {
  return sql.query(
    `insert into billing.holding (tenant_id, customer_code, user_code, kind, code, instance, row_key, sku, line_key, is_billable,
         first_from, last_to, changed_at, level, only_rose, content)
       select t.tenant_id, ${code}, ${user}, t.kind, t.code, t.instance, t.row_key, t.sku, ${lineKey}, t.is_billable, t.first_from,
         t.last_to, t.changed_at, t.level, t.only_rose, replace(t.content::text, t.line_key, ${lineKey})::json
       from billing.holding t, ${from} where t.tenant_id = $1 and t.customer_code = '${CUSTOMER}' and t.code = 'MAIL'`,
    [tenantId],
  );
}
