import { operationsOf } from './document-operations.js';
import type { Document, PlacedOperation } from './document-operations.js';
import { placesOf } from './schema-places.js';

/** A place of a request, outside of its path, that names something which belongs to a tenant. */
export interface NamingPlace {
  operation: PlacedOperation;
  in: 'query' | 'body';
  /** In a query one name; in a body the way to the place. */
  path: readonly string[];
  /** What is named there, such as `connectionId`. */
  name: string;
}

/** What names something of a tenant: its own codes count, because another tenant's could be found out by them. */
const naming = new Set([
  ...['id', 'tenantId', 'connectionId', 'personId', 'agreementLineKey', 'customerCode', 'customerCodes', 'resellerCode'],
  ...['customer', 'sku', 'service', 'user', 'actor', 'siteCode', 'billingIdentifier', 'psaProductRef', 'agreementRef'],
]);
/** What names nothing: values, words of ours, times, secrets, and cursors, which are tried by themselves. */
const other = new Set([
  ...[
    'limit',
    'cursor',
    'from',
    'to',
    'asOf',
    'knownOn',
    'on',
    'date',
    'validFrom',
    'liveFrom',
    'expiresAt',
    'period',
    'billingPeriod',
  ],
  ...['dryRun', 'skipBad', 'onRemove', 'refresh', 'preview', 'bom', 'delimiter', 'formulaGuard', 'count', 'q', 'code', 'level'],
  ...[
    'action',
    'billable',
    'state',
    'kind',
    'mode',
    'choice',
    'reason',
    'note',
    'quantity',
    'value',
    'per',
    'unit',
    'unconditional',
  ],
  ...['name', 'label', 'email', 'roles', 'scopes', 'reach', 'password', 'currentPassword', 'token', 'baseUrl', 'settings', 'x'],
  ...['closeDay', 'daysBeforeEnd', 'planCode', 'timeZone', 'graceHours', 'term', 'billingPlan'],
]);

/** Every such place of the document, and the names that nobody has said of which sort they are. */
export function namingPlaces(document: Document): { places: NamingPlace[]; unknown: string[] } {
  const all = operationsOf(document).flatMap((operation) => [...queriesOf(operation), ...bodyPlacesOf(document, operation)]);
  return {
    places: all.filter(({ name }) => naming.has(name)),
    unknown: all
      .filter(({ name }) => !naming.has(name) && !other.has(name))
      .map(({ operation, path }) => `${operation.name}: ${path.join('/')}`),
  };
}

function queriesOf(operation: PlacedOperation): NamingPlace[] {
  const queries = (operation.parameters ?? []).filter((parameter) => parameter.in === 'query');
  return queries.map(({ name }) => ({ operation, in: 'query', path: [name], name }));
}

function bodyPlacesOf(document: Document, operation: PlacedOperation): NamingPlace[] {
  return placesOf(document, operation).map(({ path }) => {
    const name = path.findLast((part) => part !== '0')!;
    return { operation, in: 'body', path, name };
  });
}
