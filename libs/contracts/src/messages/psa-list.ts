import { z } from 'zod';
import { instant } from '../instant.js';
import { quantity } from '../quantity.js';

/** An account or product of a PSA, as a mapping may name it. */
export const psaEntry = z.object({
  /** What the mapping says: the billing identifier of an account, the product reference of a product. */
  ref: z.string(),
  name: z.string(),
  /** Whatever else stands for it: its id, its number, a sku. */
  identifiers: z.array(z.string()).optional(),
});

/** What a PSA bills today of one product in one active recurring agreement. */
export const psaLine = z.object({
  /** The PSA's own id of the line; lines that share it are one. */
  ref: z.string(),
  /** As a mapping would say it; absent where the account has nothing that a mapping could say by the connection's settings. */
  accountRef: z.string().optional(),
  accountName: z.string(),
  agreementRef: z.string(),
  agreementName: z.string(),
  /** Whatever else a mapping may say for the agreement. */
  agreementIdentifiers: z.array(z.string()).optional(),
  /** Likewise absent where a mapping cannot name the product. */
  productRef: z.string().optional(),
  productName: z.string(),
  /** Units billed on the day of the reading; absent when what the PSA shows can be read in several ways. */
  quantity: quantity.optional(),
});

/** One part of an answer to a request for a PSA's accounts and products; `parts` of them are the whole. */
export const psaListPart = z.object({
  part: z.int().positive(),
  parts: z.int().positive(),
  /** When the PSA was asked. */
  readAt: instant,
  accounts: z.array(psaEntry),
  products: z.array(psaEntry),
  /** What the PSA bills; absent from a connector that cannot list it. */
  lines: z.array(psaLine).optional(),
});

export type PsaEntry = z.output<typeof psaEntry>;
export type PsaLine = z.output<typeof psaLine>;
export type PsaListPart = z.output<typeof psaListPart>;
