import { datedCustomerMappings, datedProductMappings, type SqlRunner, type StoredPart } from '@trueup/control';
import { payerCodesOf } from '@trueup/domain';
import type { MappingsOf } from './place-line.js';

/** Reads the mappings that concern these lines, found by connection and code without going through all of them. */
export async function readMappings(tx: SqlRunner, tenantId: string, lines: readonly StoredPart[]): Promise<MappingsOf> {
  const codes = lines.flatMap((line) => payerCodesOf(line.target));
  const customers = Map.groupBy(await datedCustomerMappings(tx, tenantId, codes), (row) =>
    keyOf(row.connectionId, row.customerCode),
  );
  const skus = lines.map((line) => line.sku);
  const products = Map.groupBy(await datedProductMappings(tx, tenantId, skus), (row) => keyOf(row.connectionId, row.sku));
  return (connectionId, payerCodes, sku) => ({
    connectionId,
    customers: payerCodes.flatMap((code) => customers.get(keyOf(connectionId, code)) ?? []),
    products: products.get(keyOf(connectionId, sku)) ?? [],
  });
}

function keyOf(connectionId: string, code: string): string {
  return `${connectionId} ${code}`;
}
