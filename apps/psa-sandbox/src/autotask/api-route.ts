import type { ApiPath } from './api-path.js';
import { childEntityAt, entityAt } from './entities/entities.js';
import type { Entity } from './entities/entity.js';

/** What a path means, whatever the verb. */
export type ApiRoute =
  | { readonly to: 'zone' | 'versions' | 'version' | 'threshold' }
  | {
      readonly to: 'collection' | 'query' | 'count' | 'next-page' | 'information' | 'fields' | 'user-defined-fields';
      readonly entity: Entity;
    }
  | { readonly to: 'record'; readonly entity: Entity; readonly id: number }
  | { readonly to: 'children'; readonly entity: Entity; readonly parentId: number }
  | { readonly to: 'child'; readonly entity: Entity; readonly parentId: number; readonly id: number };

const FIXED = {
  zoneinformation: 'zone',
  versioninformation: 'versions',
  version: 'version',
  thresholdinformation: 'threshold',
} as const;

const BELOW_ENTITY = {
  query: 'query',
  'query/count': 'count',
  'query/next': 'next-page',
  entityinformation: 'information',
  'entityinformation/fields': 'fields',
  'entityinformation/userdefinedfields': 'user-defined-fields',
} as const;

const ID = /^\d{1,15}$/;

/** The route of a path, undefined if the API has no such path. */
export function parseApiRoute({ segments }: ApiPath): ApiRoute | undefined {
  const [first = '', ...rest] = segments;
  if (rest.length === 0 && first in FIXED) return { to: FIXED[first as keyof typeof FIXED] };
  const [id = '', child, childId, ...more] = rest;
  if (ID.test(id) && child !== undefined) {
    return more.length === 0 ? childRoute(first, Number(id), child, childId) : undefined;
  }
  return entityRoute(entityAt(first), rest);
}

function entityRoute(entity: Entity | undefined, rest: readonly string[]): ApiRoute | undefined {
  if (!entity) return undefined;
  if (rest.length === 0) return { to: 'collection', entity };
  if (rest.length === 1 && ID.test(rest[0]!)) return { to: 'record', entity, id: Number(rest[0]) };
  const below = BELOW_ENTITY[rest.join('/') as keyof typeof BELOW_ENTITY];
  return below && { to: below, entity };
}

function childRoute(parent: string, parentId: number, child: string, childId: string | undefined): ApiRoute | undefined {
  const entity = childEntityAt(parent, child);
  if (!entity) return undefined;
  if (childId === undefined) return { to: 'children', entity, parentId };
  return ID.test(childId) ? { to: 'child', entity, parentId, id: Number(childId) } : undefined;
}
