import type { EntityField } from '../entities/entity-field.js';
import { type Entity, fieldNamed } from '../entities/entity.js';
import { refuse } from '../refusal.js';

/** The field of that name, or the API's refusal. */
export function knownField(entity: Entity, name: string): EntityField {
  const field = fieldNamed(entity, name);
  return field && !field.isHidden ? field : refuse(`Unable to find ${name} in the ${entity.name} Entity.`);
}
