import { z } from 'zod';
import { instant } from '../instant.js';

/** An account or product of a PSA, as a mapping may name it. */
export const psaEntry = z.object({
  /** What the mapping says: the billing identifier of an account, the product reference of a product. */
  ref: z.string(),
  name: z.string(),
  /** Whatever else stands for it: its id, its number, a sku. */
  identifiers: z.array(z.string()).optional(),
});

/** One part of an answer to a request for a PSA's accounts and products; `parts` of them are the whole. */
export const psaListPart = z.object({
  part: z.int().positive(),
  parts: z.int().positive(),
  /** When the PSA was asked. */
  readAt: instant,
  accounts: z.array(psaEntry),
  products: z.array(psaEntry),
});

export type PsaEntry = z.output<typeof psaEntry>;
export type PsaListPart = z.output<typeof psaListPart>;
