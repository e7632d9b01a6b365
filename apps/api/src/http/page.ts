import { z } from 'zod';
import { malformedParameter } from './problem-error.js';

const defaultLimit = 100;
const maxLimit = 1000;

/** The parameters of every list. */
export const pageQuery = z.strictObject({
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, `Must be a whole number from 1 to ${maxLimit}`)
    .transform(Number)
    .refine((limit) => limit <= maxLimit, `Must be a whole number from 1 to ${maxLimit}`)
    .optional(),
  cursor: z.string().max(4096).optional(),
});

export type PageQuery = z.output<typeof pageQuery>;

export interface Page<T> {
  data: T[];
  nextCursor: string | null;
}

export function pageOf<T extends z.ZodType>(row: T) {
  return z.object({ data: z.array(row), nextCursor: z.string().nullable() });
}

/** How many rows to ask a store for: one more than the page holds, which tells whether another page follows. */
export function limitOf(query: PageQuery): number {
  return query.limit ?? defaultLimit;
}

/** Cuts the surplus row and points behind the last one kept. */
export function toPage<R, T>(
  rows: readonly R[],
  limit: number,
  position: (row: R) => readonly string[],
  show: (row: R) => T,
): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  const hasMore = rows.length > limit && last !== undefined;
  return { data: kept.map(show), nextCursor: hasMore ? cursorOf(position(last)) : null };
}

/** Where a page ended, opaque to clients. */
export function cursorOf(position: readonly string[]): string {
  return Buffer.from(JSON.stringify(position), 'utf8').toString('base64url');
}

const positionText = z
  .string()
  .max(512)
  .regex(/^[^\0]*$/);

/** The position in a cursor of `parts` texts. A cursor of another list, or no cursor of ours, is refused. */
export function positionOf(query: PageQuery, parts: number): string[] | undefined {
  if (query.cursor === undefined) return undefined;
  const parsed = z.array(positionText).length(parts).safeParse(jsonOf(query.cursor));
  if (!parsed.success) throw malformedParameter('cursor', 'Must be the nextCursor of a page of this list');
  return parsed.data;
}

function jsonOf(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined; // not one of ours: refused by the schema
  }
}
