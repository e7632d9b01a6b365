import { z } from 'zod';
import type { EntityField } from '../entities/entity-field.js';
import type { Entity } from '../entities/entity.js';
import { refuse, refuseValue } from '../refusal.js';
import { knownField } from './known-field.js';
import { type Operand, parseOperand } from './operand.js';
import { isOperator, type Operator } from './operators.js';

const MOST_OR_CONDITIONS = 500;

/** A condition on one field; `field` undefined = a user-defined field, found by name. */
export interface FieldCondition {
  readonly op: Operator;
  readonly field: EntityField | undefined;
  readonly fieldName: string;
  readonly operand: Operand;
}

/** A group of conditions or one of them. */
export type Condition = { readonly op: 'and' | 'or'; readonly items: readonly Condition[] } | FieldCondition;

const memberSchema = z.object({
  op: z.string(),
  field: z.string().nullish(),
  value: z.unknown().optional(),
  udf: z.boolean().nullish(),
  items: z.array(z.unknown()).nullish(),
});
type Member = z.infer<typeof memberSchema>;

/** Reads a filter: its top-level members are ANDed, groups may nest. */
export function parseFilter(entity: Entity, members: readonly unknown[]): Condition[] {
  const conditions = members.map((member) => parseCondition(entity, member));
  if (sumOver(conditions, orConditions) > MOST_OR_CONDITIONS) {
    refuse("Queries are limited to 500 or fewer 'OR' conditions");
  }
  if (sumOver(conditions, userDefinedConditions) > 1) {
    refuse('Queries are limited to one user-defined field condition.');
  }
  return conditions;
}

function parseCondition(entity: Entity, given: unknown): Condition {
  const parsed = memberSchema.safeParse(lowerCaseMember(given));
  if (!parsed.success) return refuseValue(given, 'filter');
  const op = parsed.data.op.toLowerCase();
  if (op === 'and' || op === 'or') return parseGroup(entity, op, parsed.data);
  if (!isOperator(op)) return refuse(`'${parsed.data.op}' is not a valid operator.`);
  return parseFieldCondition(entity, op, parsed.data);
}

function parseGroup(entity: Entity, op: 'and' | 'or', { items }: Member): Condition {
  if (!items?.length) return refuse(`The group '${op}' needs at least one item.`);
  return { op, items: items.map((item) => parseCondition(entity, item)) };
}

function parseFieldCondition(entity: Entity, op: Operator, { field: name, value, udf }: Member): Condition {
  if (!name) return refuse('A condition needs a field.');
  const field = udf === true && entity.hasUserDefinedFields ? undefined : knownField(entity, name);
  if (field && !field.isQueryable) return refuse(`The field ${field.name} can not be used in a query.`);
  return { op, field, fieldName: name, operand: parseOperand(op, field, value) };
}

/** What counts towards the limit: members of `in` lists and members of OR groups. */
function orConditions(condition: Condition): number {
  if ('items' in condition) {
    const own = condition.op === 'or' ? condition.items.filter((item) => !isList(item)).length : 0;
    return own + sumOver(condition.items, orConditions);
  }
  return condition.operand instanceof Set ? condition.operand.size : 0;
}

function isList(condition: Condition): boolean {
  return 'operand' in condition && condition.operand instanceof Set;
}

function userDefinedConditions(condition: Condition): number {
  if ('items' in condition) return sumOver(condition.items, userDefinedConditions);
  return condition.field ? 0 : 1;
}

function sumOver(conditions: readonly Condition[], count: (condition: Condition) => number): number {
  return conditions.reduce((sum, condition) => sum + count(condition), 0);
}

function lowerCaseMember(given: unknown): unknown {
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
}
