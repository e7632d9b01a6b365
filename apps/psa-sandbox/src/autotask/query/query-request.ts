import { z } from 'zod';
import type { EntityField } from '../entities/entity-field.js';
import type { Entity } from '../entities/entity.js';
import { refuse, refuseValue } from '../refusal.js';
import { type Condition, parseFilter } from './filter.js';
import { knownField } from './known-field.js';

const HIGHEST_MAX_RECORDS = 500;

/** A query that can be run. */
export interface QueryRequest {
  readonly filter: readonly Condition[];
  /** Fields to show; undefined = all. */
  readonly only: readonly EntityField[] | undefined;
  readonly maxRecords: number;
}

const bodySchema = z.object({
  maxrecords: z.int().min(1).max(HIGHEST_MAX_RECORDS).nullish(),
  includefields: z.array(z.string()).nullish(),
  filter: z.array(z.unknown()).min(1),
});

/** Reads the body of a query; property names are taken in any case. */
export function parseQueryRequest(entity: Entity, body: unknown): QueryRequest {
  const given = lowerCaseKeys(body);
  const parsed = bodySchema.safeParse(given);
  if (!parsed.success) return refuseBody(given, parsed.error);
  const { maxrecords, includefields, filter } = parsed.data;
  return {
    filter: parseFilter(entity, filter),
    only: includefields?.length ? includefields.map((name) => knownField(entity, name)) : undefined,
    maxRecords: maxrecords ?? HIGHEST_MAX_RECORDS,
  };
}

function refuseBody(given: Readonly<Record<string, unknown>>, error: z.ZodError): never {
  const property = String(error.issues[0]?.path[0] ?? '');
  const value = given[property];
  if (property === 'filter' && (value === undefined || value === null || Array.isArray(value))) {
    refuse('A Filter with at least one condition is required.');
  }
  if (property === 'maxrecords' && typeof value === 'number') {
    refuse(`MaxRecords must be between 1 and ${HIGHEST_MAX_RECORDS}.`);
  }
  return refuseValue(value, property);
}

function lowerCaseKeys(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refuseValue(body, '');
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key.toLowerCase(), value]));
}
