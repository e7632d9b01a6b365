import type { PsaRecord } from '../../admin/record-table.js';
import type { RecordTables } from '../../admin/record-tables.js';
import type { Entity } from '../entities/entity.js';
import type { Condition, FieldCondition } from './filter.js';

/**
 * The records that an `eq` or `in` over ids leaves in question, by id; undefined if the filter has none. A tenant's unit rows are
 * many, and clients ask for those of a few contract services.
 */
export function candidates(tables: RecordTables, entity: Entity, filter: readonly Condition[]): PsaRecord[] | undefined {
  const narrowing = narrowingCondition(filter);
  if (!narrowing?.field) return undefined;
  const { field, operand } = narrowing;
  const values = operand instanceof Set ? [...operand] : [operand];
  const found = values.flatMap((value) => tables.where(entity.path, field.name, value as number));
  return found.sort((left, right) => Number(left['id']) - Number(right['id']));
}

function narrowingCondition(conditions: readonly Condition[]): FieldCondition | undefined {
  for (const condition of conditions) {
    if (!('items' in condition)) {
      if (isNarrowing(condition)) return condition;
    } else if (condition.op === 'and') {
      const found = narrowingCondition(condition.items);
      if (found) return found;
    }
  }
  return undefined;
}

/** Numbers are stored as they are compared; texts and dates are not. */
function isNarrowing({ op, field }: FieldCondition): boolean {
  return (op === 'eq' || op === 'in') && (field?.type === 'long' || field?.type === 'integer');
}
