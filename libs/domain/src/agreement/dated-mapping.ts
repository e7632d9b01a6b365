import type { PlainDate } from '@trueup/contracts';

/** A customer's (or reseller's) account in one connection from a day on; without a billing identifier the mapping ends that day. */
export interface CustomerMappingRow {
  customerCode: string;
  connectionId: string;
  validFrom: PlainDate;
  billingIdentifier: string | null;
  agreementRef: string | null;
  /** An end that takes the units out of the PSA. */
  isZeroed?: boolean;
}

/** A sku's product in one connection from a day on; "" in the selector means any, without a reference that selector ends that day. */
export interface ProductMappingRow {
  sku: string;
  connectionId: string;
  term: string;
  billingPlan: string;
  siteCode: string;
  validFrom: PlainDate;
  psaProductRef: string | null;
  agreementRef: string | null;
  /** An end that takes the units out of the PSA. */
  isZeroed?: boolean;
}

/** What a product mapping selects lines by. */
export interface LineTraits {
  sku: string;
  term: string;
  billingPlan: string;
  siteCode: string;
}

/** The customer's row in force on the day, or undefined when it is not mapped then. `rows` are of one connection. */
export function customerMappingOn(
  rows: readonly CustomerMappingRow[],
  customerCode: string,
  date: PlainDate,
): CustomerMappingRow | undefined {
  const row = latestBy(
    rows.filter((candidate) => candidate.customerCode === customerCode),
    date,
  );
  return row?.billingIdentifier == null ? undefined : row;
}

/** The most specific product row in force on the day: more traits given beat fewer, then term before billing plan before site. */
export function productMappingOn(
  rows: readonly ProductMappingRow[],
  line: LineTraits,
  date: PlainDate,
): ProductMappingRow | undefined {
  const bySelector = Map.groupBy(
    rows.filter((row) => selects(row, line)),
    specificity,
  );
  const inForce = [...bySelector.values()].map((group) => latestBy(group, date)).filter((row) => row?.psaProductRef != null);
  return inForce.sort((a, b) => specificity(b!) - specificity(a!))[0];
}

/** Whether the line's mapping has ended on the day in a way that takes its units out of the PSA. */
export function isZeroedOn(
  customers: readonly CustomerMappingRow[],
  products: readonly ProductMappingRow[],
  line: LineTraits & { customerCode: string },
  date: PlainDate,
): boolean {
  const own = customers.filter((row) => row.customerCode === line.customerCode);
  const selecting = Map.groupBy(
    products.filter((row) => selects(row, line)),
    specificity,
  );
  const last = [latestBy(own, date), ...[...selecting.values()].map((group) => latestBy(group, date))];
  return last.some(
    (row) => row?.isZeroed === true && ('psaProductRef' in row ? row.psaProductRef : row.billingIdentifier) === null,
  );
}

function latestBy<T extends { validFrom: PlainDate }>(rows: readonly T[], date: PlainDate): T | undefined {
  return rows.reduce<T | undefined>(
    (latest, row) => (row.validFrom <= date && (!latest || row.validFrom > latest.validFrom) ? row : latest),
    undefined,
  );
}

function selects(row: ProductMappingRow, line: LineTraits): boolean {
  const fits = (wanted: string, found: string): boolean => wanted === '' || wanted === found;
  return (
    row.sku === line.sku &&
    fits(row.term, line.term) &&
    fits(row.billingPlan, line.billingPlan) &&
    fits(row.siteCode, line.siteCode)
  );
}

// Rows that select one line and have equal specificity have the same selector, so it also names the selector.
function specificity(row: ProductMappingRow): number {
  const given = [row.term !== '', row.billingPlan !== '', row.siteCode !== ''];
  return given.filter(Boolean).length * 8 + (given[0] ? 4 : 0) + (given[1] ? 2 : 0) + (given[2] ? 1 : 0);
}
