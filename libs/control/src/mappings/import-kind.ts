import type { CustomerMapping, ProductMapping } from '@trueup/contracts';
import type { SqlRunner } from '../sql-runner.js';

export type ImportKind = 'customers' | 'products';

/** A row of an import: a mapping and the customer code or sku that it belongs to. */
export type ImportedMapping = { code: string } & (CustomerMapping | ProductMapping);

/** A row as its table holds it, by column. */
export type StoredRow = Record<string, unknown> & { connection_id: string; valid_from: string };

interface KindTable {
  table: string;
  /** The column of the customer code or sku. */
  code: string;
  /** Columns that tell the rows of one code and day apart, besides the connection. */
  selector: readonly string[];
  toRow(mapping: ImportedMapping): Record<string, unknown>;
  command(codes: string[]): { customerCodes: string[] } | { skus: string[] };
}

/** Where the mappings of a kind are kept and how the lines concerned are named. */
export const KIND_TABLES: Readonly<Record<ImportKind, KindTable>> = {
  customers: {
    table: 'control.customer_mapping',
    code: 'customer_code',
    selector: [],
    toRow: (mapping) => {
      const { code, connectionId, validFrom, agreementRef, billingIdentifier } = mapping as { code: string } & CustomerMapping;
      return {
        customer_code: code,
        connection_id: connectionId,
        valid_from: validFrom,
        billing_identifier: billingIdentifier,
        agreement_ref: agreementRef ?? null,
      };
    },
    command: (customerCodes) => ({ customerCodes }),
  },
  products: {
    table: 'control.product_mapping',
    code: 'sku',
    selector: ['term', 'billing_plan', 'site_code'],
    toRow: (mapping) => {
      const { code, connectionId, validFrom, agreementRef, ...more } = mapping as { code: string } & ProductMapping;
      return {
        sku: code,
        connection_id: connectionId,
        term: more.term ?? '',
        billing_plan: more.billingPlan ?? '',
        site_code: more.siteCode ?? '',
        valid_from: validFrom,
        psa_product_ref: more.psaProductRef,
        agreement_ref: agreementRef ?? null,
      };
    },
    command: (skus) => ({ skus }),
  },
};

/** Every row of these codes, ends too, in a fixed order. */
export async function rowsOfCodes(
  db: SqlRunner,
  tenantId: string,
  kind: ImportKind,
  codes: readonly string[],
): Promise<StoredRow[]> {
  const { table, code, selector } = KIND_TABLES[kind];
  const order = [code, 'connection_id', ...selector, 'valid_from'].map((column) => `m.${column}`).join(', ');
  const rows = await db.query<{ row: StoredRow }[]>(
    `select to_jsonb(m) as row from ${table} m where m.tenant_id = $1 and m.${code} = any($2::text[]) order by ${order}`,
    [tenantId, codes],
  );
  return rows.map(({ row }) => row);
}
