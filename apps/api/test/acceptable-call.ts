import { mark } from './filled-tenant.js';
import { password } from './known-ids.js';
import { addressOf } from './listed-routes.js';
import type { KnownIds, ListedRoute } from './listed-routes.js';
import type { Call } from './started-api.js';

const validFrom = '2026-03-01';

/**
 * A call of the route that the filled tenant's own admin token may make: address, body and headers. A new route that needs more than
 * its example gets a line here.
 */
export function acceptableCall(
  route: ListedRoute,
  known: KnownIds,
  replaced: Record<string, string> = {},
): Call & { path: string } {
  const { method } = route;
  const path = `${addressOf(route, known, replaced)}${queries(known)[`${method} ${route.path}`] ?? ''}`;
  if (route.path === '/v1/mappings/import') return { path, method, raw: csvOf(known), headers: { 'content-type': 'text/csv' } };
  if (isOfSession(route))
    return { path, method, token: null, headers: known.session.headers, body: bodies(known)[`${method} ${route.path}`] };
  const body = bodies(known)[`${method} ${route.path}`] ?? (method === 'DELETE' ? undefined : route.example);
  return { path, method, body };
}

/** Only a person who is signed in has a password and sessions. */
function isOfSession({ method, path }: ListedRoute): boolean {
  return [`PUT /v1/me/password`, 'DELETE /v1/sessions/{id}'].includes(`${method} ${path}`);
}

function queries({ connectionId }: KnownIds): Readonly<Record<string, string>> {
  return {
    'GET /v1/mappings/suggestions': `?connectionId=${connectionId}`,
    'POST /v1/mappings/import': '?kind=customers',
  };
}

function csvOf({ connectionId }: KnownIds): string {
  return `customerCode,connectionId,billingIdentifier,validFrom\n${mark}/3,${connectionId},${mark},${validFrom}`;
}

function bodies({ connectionId, email, invitation }: KnownIds): Readonly<Record<string, unknown>> {
  return {
    'PUT /v1/settings/billing-period': { closeDay: 'month-end', timeZone: 'UTC', graceHours: 1 },
    'POST /v1/connections': { kind: 'autotask', label: mark, baseUrl: 'http://127.0.0.1:9', settings: { prorate: true } },
    'PUT /v1/connections/{id}/secrets': { Secret: 'a-canary-secret' },
    'POST /v1/connections/{id}/agreement-lines/{key}/resolve': { choice: 'exclude', reason: mark, from: validFrom },
    'PUT /v1/mappings/customers/{code}': [{ connectionId, billingIdentifier: '174', validFrom }],
    'PUT /v1/mappings/products/{sku}': [{ connectionId, psaProductRef: '29', validFrom }],
    'PUT /v1/me/password': { currentPassword: password, password },
    'POST /v1/sessions': { email, password },
    'POST /v1/invitations/accept': { token: invitation, password },
    'POST /v1/runs': { connectionId },
  };
}
