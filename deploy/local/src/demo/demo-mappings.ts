import { newSku, earlierSecuritySku, products, soldProducts } from './demo-catalogue.js';
import { type DemoConnectionName, type DemoCustomer, demoCustomers, demoReseller } from './demo-customers.js';

export type ConnectionIds = Readonly<Record<DemoConnectionName, string>>;

/** Customers and their accounts as a mapping file. One is mapped in two connections, one to a company that is not there. */
export function customerFile(ids: ConnectionIds, validFrom: string): string {
  const rows = demoCustomers.flatMap((customer) => {
    if (customer.connection === null) return [];
    const second = customer.oddity === 'claimed-twice' ? [[customer.code, ids.harbour, customer.code]] : [];
    return [[customer.code, ids[customer.connection], accountOf(customer)], ...second];
  });
  const reseller = [demoReseller.code, ids.main, String(demoReseller.companyId)];
  return csv(['customerCode', 'connectionId', 'billingIdentifier', 'validFrom'], [...rows, reseller], validFrom);
}

/** Skus and their products as a mapping file: by id, and by name in the connection that was bought. */
export function productFile(ids: ConnectionIds, validFrom: string): string {
  const mapped = soldProducts.filter(({ sku }) => sku !== '' && sku !== newSku);
  const byId = mapped.map(({ sku, psaServiceId }) => [sku, ids.main, String(psaServiceId)]);
  const byName = mapped
    .filter((product) => product !== products.monitoring)
    .map(({ sku, psaName }) => [sku, ids.harbour, psaName]);
  const rows = [
    ...byId,
    [earlierSecuritySku, ids.main, '306'],
    ...byName,
    [products.mail.sku, ids.trial, '301'],
    [products.mail.sku, ids.mistyped, '301'],
  ];
  return csv(['sku', 'connectionId', 'psaProductRef', 'validFrom'], rows, validFrom);
}

/** The connection that was bought finds companies by their number. */
function accountOf({ connection, code, companyId }: DemoCustomer): string {
  return connection === 'harbour' ? code : String(companyId);
}

function csv(columns: readonly string[], rows: readonly (readonly string[])[], validFrom: string): string {
  return [columns, ...rows.map((row) => [...row, validFrom])].map((row) => row.join(',')).join('\n');
}
