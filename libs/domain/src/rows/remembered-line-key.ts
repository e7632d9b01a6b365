import { type LineIdentity, lineKeyOf } from '@trueup/contracts';

// Hashing dominates the making of rows, and thousands of rows share a line. Cleared when full: memory stays bounded.
const MAX_REMEMBERED = 20_000;
const remembered = new Map<string, string>();

/** `lineKeyOf`, computed once per line while it is in use. */
export function rememberedLineKey(line: LineIdentity): string {
  const { tenantId, customerCode, sku, term, billingPlan, siteCode } = line;
  const name = [tenantId, customerCode, sku, term, billingPlan, siteCode].join('\u0001');
  const known = remembered.get(name);
  if (known !== undefined) return known;
  if (remembered.size >= MAX_REMEMBERED) remembered.clear();
  const lineKey = lineKeyOf({ tenantId, customerCode, sku, term, billingPlan, siteCode });
  remembered.set(name, lineKey);
  return lineKey;
}
