import { customerCode, mark } from './filled-tenant.js';
import type { FilledTenant } from './filled-tenant.js';
import type { StartedApi } from './started-api.js';

/** A route as the OpenAPI document lists it: a new one is in every test that goes over them. */
export interface ListedRoute {
  method: string;
  path: string;
  /** Whether nothing is asked for. */
  isPublic: boolean;
  /** The scope that it asks for; none if any token will do. */
  scope: string | undefined;
  /** The names in braces of its path. */
  parameters: string[];
  /** The first example of its body, if it takes JSON. */
  example: unknown;
}

interface Operation {
  security: Record<string, string[]>[];
  requestBody?: { content: Record<string, { schema?: Schema }> };
}

interface Schema {
  $ref?: string;
  examples?: unknown[];
  example?: unknown;
}

interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

/** Every route but those of the connectors. */
export async function listedRoutes(api: StartedApi): Promise<ListedRoute[]> {
  const document = (await api.call('/v1/openapi.json', { token: null })).body as Document;
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([, { security }]) => security[0]!['service'] === undefined)
      .map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        isPublic: operation.security[0]!['bearer'] === undefined,
        scope: operation.security[0]!['bearer']?.[0],
        parameters: [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!),
        example: exampleOf(document, operation),
      })),
  );
}

function exampleOf({ components }: Document, { requestBody }: Operation): unknown {
  const schema = requestBody?.content['application/json']?.schema;
  const named = schema?.$ref?.split('/').at(-1);
  const found = named === undefined ? schema : components.schemas[named];
  return found?.examples?.[0] ?? found?.example;
}

/** Ids that exist in the filled tenant, beyond what it made itself. */
export interface KnownIds extends FilledTenant {
  holdId: string;
  workItemId: string;
  personId: string;
  /** Of the person who is signed in. */
  email: string;
  session: { id: string; headers: Record<string, string> };
  /** A secret that is not spent yet. */
  invitation: string;
  otherTenantId: string;
  /** That of the filled tenant unless said. */
  customerCode?: string;
}

/** What the parameters of a path name in the filled tenant. */
export function valuesOf(path: string, known: KnownIds): Record<string, string> {
  return {
    id: idOf(path, known),
    key: known.agreementLineKey,
    lineKey: known.lineKey,
    code: known.customerCode ?? customerCode,
    sku: known.sku,
    serviceCode: mark,
    period: 'current',
  };
}

/** The path with ids that exist in the filled tenant; `replaced` gives some parameters another value. */
export function addressOf(route: Pick<ListedRoute, 'path'>, known: KnownIds, replaced: Record<string, string> = {}): string {
  const values = { ...valuesOf(route.path, known), ...replaced } as Record<string, string | undefined>;
  return route.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? `no value for ${name}`));
}

function idOf(path: string, known: KnownIds): string {
  const [, , ...nouns] = path.split('/');
  const ids: Record<string, string> = {
    runs: known.runId,
    tokens: known.tokenId,
    tenants: known.otherTenantId,
    sessions: known.session.id,
    periods: path.endsWith('/close') ? 'previous' : '2026-03-31',
    operations: known.operationId,
    quarantine: known.quarantineId,
    holds: known.holdId,
    'work-items': known.workItemId,
    people: known.personId,
    connections: known.connectionId,
    mappings: known.importId,
  };
  return ids[nouns[0]!] ?? `no id for ${path}`;
}
