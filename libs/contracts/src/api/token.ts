import { z } from 'zod';
import { reach, scope } from '../reach.js';

/** A token as lists show it; its secret was shown once, when it was made. */
export const token = z.object({
  id: z.string(),
  /** Whose roles limit it; null for a program's. */
  personId: z.string().nullable(),
  label: z.string(),
  scopes: z.array(scope),
  reach,
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
});

export type Token = z.output<typeof token>;
