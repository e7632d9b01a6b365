import { textOf } from '../../admin/text-of.js';
import type { JsonValue, PsaRecord } from '../../admin/record-table.js';
import type { Condition, FieldCondition } from './filter.js';
import { type Comparable, type Operand, toComparable } from './operand.js';
import type { Operator } from './operators.js';

type Test = (value: NonNullable<Comparable>, operand: Operand) => boolean;

const isList = (operand: Operand): operand is ReadonlySet<Comparable> => operand instanceof Set;

const isText = (operand: Operand): operand is string => typeof operand === 'string';

/** Only ever called with operands of the field's own type. */
const order = (value: NonNullable<Comparable>, operand: Operand): number => {
  if (operand === null || isList(operand)) return Number.NaN;
  return value < operand ? -1 : Number(value > operand);
};

/** Values that are null match `notExist` and nothing else, as in the database behind the API. */
const TESTS: Readonly<Record<Exclude<Operator, 'exist' | 'notexist'>, Test>> = {
  eq: (value, operand) => value === operand,
  noteq: (value, operand) => value !== operand,
  gt: (value, operand) => order(value, operand) > 0,
  gte: (value, operand) => order(value, operand) >= 0,
  lt: (value, operand) => order(value, operand) < 0,
  lte: (value, operand) => order(value, operand) <= 0,
  beginswith: (value, operand) => isText(operand) && String(value).startsWith(operand),
  endswith: (value, operand) => isText(operand) && String(value).endsWith(operand),
  contains: (value, operand) => isText(operand) && String(value).includes(operand),
  in: (value, operand) => isList(operand) && operand.has(value),
  notin: (value, operand) => isList(operand) && !operand.has(value),
};

/** Whether a record meets a condition or a group of them. */
export function isMatch(condition: Condition, record: PsaRecord): boolean {
  if (!('items' in condition)) return isFieldMatch(condition, record);
  const { op, items } = condition;
  if (op === 'and') return items.every((item) => isMatch(item, record));
  return items.some((item) => isMatch(item, record));
}

function isFieldMatch(condition: FieldCondition, record: PsaRecord): boolean {
  const stored = condition.field ? record[condition.field.name] : userDefinedValue(record, condition.fieldName);
  const value = toComparable(condition.field, stored ?? null);
  if (condition.op === 'notexist') return value === null;
  if (value === null) return false;
  return condition.op === 'exist' || TESTS[condition.op](value, condition.operand);
}

function userDefinedValue(record: PsaRecord, name: string): JsonValue {
  const fields = record['userDefinedFields'];
  if (!Array.isArray(fields)) return null;
  const found = fields.find((field) => isNamed(field, name));
  return typeof found === 'object' && !Array.isArray(found) ? (found?.['value'] ?? null) : null;
}

function isNamed(field: JsonValue, name: string): boolean {
  if (typeof field !== 'object' || field === null || Array.isArray(field)) return false;
  return textOf(field['name']).toLowerCase() === name.toLowerCase();
}
