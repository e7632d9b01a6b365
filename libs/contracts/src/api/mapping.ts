import { z } from 'zod';
import { plainDate } from '../plain-date.js';
import { code, printableText } from '../text.js';

/** A customer's account in one connection's PSA, from `validFrom` on. */
export const customerMapping = z.strictObject({
  connectionId: printableText(64),
  billingIdentifier: printableText(128),
  agreementRef: printableText(128).optional(),
  validFrom: plainDate,
});

/** A sku's product in one connection's PSA; the most specific row wins. */
export const productMapping = z.strictObject({
  connectionId: printableText(64),
  term: code.optional(),
  billingPlan: code.optional(),
  siteCode: code.optional(),
  psaProductRef: printableText(256),
  agreementRef: printableText(128).optional(),
  validFrom: plainDate,
});

export type CustomerMapping = z.output<typeof customerMapping>;
export type ProductMapping = z.output<typeof productMapping>;

/** One row of the catalogue: service (and plan) to sku, from `validFrom` on. */
export const catalogueRow = z.strictObject({
  planCode: code.nullable(),
  sku: code,
  term: code.optional(),
  billingPlan: code.optional(),
  validFrom: plainDate,
});

export type CatalogueRow = z.output<typeof catalogueRow>;
