import type { JsonValue, PsaRecord } from '../admin/record-table.js';
import type { EntityField } from './entities/entity-field.js';
import type { Entity } from './entities/entity.js';
import { parsePlainDate, toWireDate } from './plain-date.js';

const INT32_LIMIT = 2 ** 31;

/** The value as records hold it, or undefined if its JSON type does not fit the field. Null fits every field. */
export function toFieldValue({ type }: EntityField, value: unknown): JsonValue | undefined {
  if (value === null) return null;
  if (type === 'string') return typeof value === 'string' ? value : undefined;
  if (type === 'boolean') return typeof value === 'boolean' ? value : undefined;
  if (type === 'datetime') return typeof value === 'string' ? toWireInstant(value) : undefined;
  if (typeof value !== 'number') return undefined;
  return type === 'double' || isWhole(value, type) ? value : undefined;
}

/** What a body says of this entity, by the fields' own names; names come in any case, unknown ones are ignored. */
export function canonicalValues(entity: Entity, body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const byName = new Map(Object.entries(body).map(([name, value]) => [name.toLowerCase(), value]));
  const names = entity.fields.map(({ name }) => name);
  if (entity.hasUserDefinedFields) names.push('userDefinedFields');
  const given = names.filter((name) => byName.has(name.toLowerCase()));
  return Object.fromEntries(given.map((name) => [name, byName.get(name.toLowerCase())]));
}

/** The record as the API shows it: its visible fields and nothing of the sandbox's own. */
export function toWireRecord(entity: Entity, record: PsaRecord, only?: readonly EntityField[]): PsaRecord {
  const shown = only ?? entity.fields.filter(({ isHidden }) => !isHidden);
  const entries = shown.map(({ name }) => [name, record[name] ?? null] as const);
  const userDefined = entity.hasUserDefinedFields && !only;
  return {
    ...Object.fromEntries(entries),
    ...(userDefined ? { userDefinedFields: record['userDefinedFields'] ?? [] } : {}),
  };
}

/** Milliseconds of a wire date; one without a zone counts as UTC. NaN = no date. */
export function instantOf(text: string): number {
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/i.test(text.slice(10));
  return Date.parse(hasZone || !text.includes('T') ? text : `${text}Z`);
}

function toWireInstant(text: string): string | undefined {
  const day = parsePlainDate(text);
  if (day === undefined) return undefined;
  const isMidnight = text.length === 10 || /^T00:00(:00(\.0+)?)?Z?$/.test(text.slice(10));
  return isMidnight ? toWireDate(day) : text;
}

function isWhole(value: number, type: 'long' | 'integer'): boolean {
  return Number.isSafeInteger(value) && (type === 'long' || Math.abs(value) < INT32_LIMIT);
}
