import type { JsonValue } from '../../admin/record-table.js';
import type { EntityField } from '../entities/entity-field.js';
import { instantOf, toFieldValue } from '../field-values.js';
import { refuse, refuseValue } from '../refusal.js';
import type { Operator } from './operators.js';

/** A value in the form in which values are compared: texts in lower case, dates as milliseconds. */
export type Comparable = string | number | boolean | null;

/** What a condition compares with: one value, the members of a list, or nothing. */
export type Operand = Comparable | ReadonlySet<Comparable>;

const TEXT_OPERATORS: ReadonlySet<Operator> = new Set(['beginswith', 'endswith', 'contains']);

/** Reads a condition's value for its operator and field; `field` undefined = a user-defined one, a text. */
export function parseOperand(op: Operator, field: EntityField | undefined, value: unknown): Operand {
  if (op === 'exist' || op === 'notexist') return null;
  if (op === 'in' || op === 'notin') return parseList(field, value);
  if (TEXT_OPERATORS.has(op) && field && field.type !== 'string') {
    return refuse(`The operator ${op} can not be used with the field ${field.name}.`);
  }
  return parseValue(field, value);
}

/** A stored value in the form in which values are compared. */
export function toComparable(field: EntityField | undefined, value: JsonValue): Comparable {
  if (typeof value === 'object') return null;
  if (typeof value !== 'string') return value;
  return field?.type === 'datetime' ? instantOf(value) : value.toLowerCase();
}

function parseList(field: EntityField | undefined, value: unknown): ReadonlySet<Comparable> {
  if (!Array.isArray(value)) return refuseValue(value, field?.name ?? '');
  return new Set(value.map((member) => parseValue(field, member)));
}

function parseValue(field: EntityField | undefined, value: unknown): Comparable {
  if (!field) return typeof value === 'string' ? value.toLowerCase() : refuseValue(value, '');
  // A number is no text to the API's parser, and a text no number.
  const fits = toFieldValue(field, value);
  return fits === undefined ? refuseValue(value, field.name) : toComparable(field, fits);
}
