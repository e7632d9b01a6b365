/** Wire types of the API; dates are `datetime`, ids `long`. */
export type FieldType = 'long' | 'integer' | 'double' | 'string' | 'datetime' | 'boolean';

export interface PicklistValue {
  /** A text here although records carry a number. */
  readonly value: string;
  readonly label: string;
  readonly isDefaultValue?: boolean;
  /** A value that the tenant added. */
  readonly isOwn?: boolean;
}

/** What the API's metadata says of one field, and what queries and writes obey. */
export interface EntityField {
  readonly name: string;
  readonly type: FieldType;
  readonly isRequired: boolean;
  /** `create`: settable at creation only. */
  readonly readOnly: 'always' | 'create' | 'never';
  readonly isQueryable: boolean;
  /** Accepted in writes but absent from answers. */
  readonly isHidden: boolean;
  readonly length: number;
  readonly references?: string;
  readonly picklist?: readonly PicklistValue[];
}

type Options = Partial<Omit<EntityField, 'name' | 'type'>>;

/** A field with the API's usual traits; `options` names the unusual ones. */
export function field(name: string, type: FieldType, options: Options = {}): EntityField {
  const usual = { isRequired: false, readOnly: 'never', isQueryable: true, isHidden: false } as const;
  return { name, type, ...usual, length: 0, ...options };
}

/** The `id` that every entity has. */
export const idField = field('id', 'long', { readOnly: 'always', isRequired: true });
