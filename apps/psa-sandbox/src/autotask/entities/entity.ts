import type { EntityField } from './entity-field.js';

export type WriteVerb = 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The same records under their contract: `/Contracts/{id}/<path>`. */
export interface ChildCollection {
  readonly parent: string;
  readonly path: string;
  /** Field of the child that holds the parent's id. */
  readonly parentField: string;
  readonly canList: boolean;
  readonly verbs: readonly WriteVerb[];
}

/** One kind of record: its names, its verbs (all others answer 405) and its fields. */
export interface Entity {
  /** Path segment and table name, e.g. `ContractServices`. */
  readonly path: string;
  /** Name in error texts and metadata, e.g. `ContractService`. */
  readonly name: string;
  readonly canQuery: boolean;
  readonly rootVerbs: readonly WriteVerb[];
  readonly child?: ChildCollection;
  readonly hasUserDefinedFields: boolean;
  /** Whether a user without sight of contracts gets nothing here. */
  readonly isAboutContracts: boolean;
  readonly fields: readonly EntityField[];
}

/** The field of that name in any case, undefined if there is none. */
export function fieldNamed(entity: Entity, name: string): EntityField | undefined {
  const wanted = name.toLowerCase();
  return entity.fields.find((candidate) => candidate.name.toLowerCase() === wanted);
}
