import { textOf } from '../admin/text-of.js';
import type { JsonValue, PsaRecord } from '../admin/record-table.js';
import type { RecordTables } from '../admin/record-tables.js';
import type { EntityField } from './entities/entity-field.js';
import { entityAt } from './entities/entities.js';
import type { Entity } from './entities/entity.js';
import { toFieldValue } from './field-values.js';
import { refuse, refuseValue } from './refusal.js';

type Values = Readonly<Record<string, unknown>>;

/** A new record from a body's values: checked, complete, with the next id; not stored yet. */
export function newRecord(entity: Entity, values: Values, tables: RecordTables): PsaRecord {
  const entries = writableFields(entity, 'create').map(
    (field) => [field.name, checkedValue(field, values[field.name] ?? null, tables)] as const,
  );
  const nothing = entity.fields.map(({ name }) => [name, null] as const);
  const userDefined: PsaRecord = entity.hasUserDefinedFields ? { userDefinedFields: userDefinedFields(values) } : {};
  return { ...Object.fromEntries([...nothing, ...entries]), ...userDefined, id: tables.nextId(entity.path) };
}

/** The stored record after PATCH (absent fields stay) or PUT (absent fields become null); not stored yet. */
export function updatedRecord(entity: Entity, values: Values, tables: RecordTables, verb: 'PUT' | 'PATCH'): PsaRecord {
  const stored = storedRecord(entity, values['id'], tables);
  const concerned = writableFields(entity, 'update').filter(({ name }) => verb === 'PUT' || name in values);
  const entries = concerned.map((field) => [field.name, checkedValue(field, values[field.name] ?? null, tables)] as const);
  const hasUserDefined = entity.hasUserDefinedFields && (verb === 'PUT' || 'userDefinedFields' in values);
  const userDefined: PsaRecord = hasUserDefined ? { userDefinedFields: userDefinedFields(values) } : {};
  return { ...stored, ...Object.fromEntries(entries), ...userDefined };
}

function storedRecord(entity: Entity, id: unknown, tables: RecordTables): PsaRecord {
  if (id === undefined || id === null) return refuse(`Missing Required Field: id.`);
  if (typeof id !== 'number') return refuseValue(id, 'id');
  return tables.get(entity.path, id) ?? refuse(`No matching ${entity.name} found for id ${id}.`);
}

function writableFields(entity: Entity, moment: 'create' | 'update'): EntityField[] {
  return entity.fields.filter(({ readOnly }) => readOnly === 'never' || readOnly === moment);
}

function checkedValue(field: EntityField, given: unknown, tables: RecordTables): JsonValue {
  const value = toFieldValue(field, given);
  if (value === undefined) return refuseValue(given, field.name);
  if (value === null) return field.isRequired ? refuse(`Missing Required Field: ${field.name}.`) : null;
  if (field.length > 0 && textOf(value).length > field.length) {
    refuse(`${field.name} exceeds the maximum length of ${field.length}.`);
  }
  if (field.picklist && !field.picklist.some((choice) => choice.value === textOf(value))) {
    refuse(`${field.name} has a value that is not in its picklist.`);
  }
  if (isBrokenReference(field, value, tables)) refuse(`${field.name} does not exist or is invalid.`);
  return value;
}

function isBrokenReference({ references }: EntityField, value: JsonValue, tables: RecordTables): boolean {
  const target = references === undefined ? undefined : entityAt(references);
  return target !== undefined && !tables.get(target.path, Number(value));
}

function userDefinedFields({ userDefinedFields: given }: Values): JsonValue {
  if (given === undefined || given === null) return [];
  return Array.isArray(given) ? (given as JsonValue) : refuseValue(given, 'userDefinedFields');
}
