import { mark } from './filled-tenant.js';

/** What an operation is sent in its example, besides the ids in its address. */
export interface ExampleRequest {
  query?: Record<string, string>;
  body?: unknown;
}

const connectionId = 'con_0198a000-0000-7000-8000-000000000001';
const validFrom = '2026-03-01';
const password = 'correct horse battery';
const note = 'the customer really leaves, ticket 4711';

/** By method and path. An operation that needs nothing but its address, or whose schema has an example that will do, is not here. */
export const exampleRequests: Readonly<Record<string, ExampleRequest>> = {
  'POST /v1/people': { body: { email: 'cleo@acme.example', name: 'Cleo', roles: ['finance'] } },
  'POST /v1/invitations/accept': { body: { token: 'tri_0aF9-as-the-invitation-says', password } },
  'PUT /v1/me/password': { body: { currentPassword: password, password: 'staple battery horse' } },
  'POST /v1/sessions': { body: { email: 'ann@acme.example', password } },
  'GET /v1/mappings/suggestions': { query: { connectionId } },
  'PUT /v1/settings/billing-period': { body: { closeDay: 25, timeZone: 'Pacific/Auckland', graceHours: 1 } },
  'PUT /v1/connections/{id}/secrets': { body: { UserName: 'api@acme.example', Secret: 'p4ss' } },
  'PUT /v1/mappings/customers/{code}': { body: [{ connectionId, billingIdentifier: '174', validFrom }] },
  'PUT /v1/mappings/products/{sku}': { body: [{ connectionId, psaProductRef: '29', validFrom }] },
  'POST /v1/mappings/import': {
    query: { kind: 'customers' },
    body: `customerCode,connectionId,billingIdentifier,validFrom\n${mark}/3,${connectionId},175,${validFrom}`,
  },
  'POST /v1/runs': { body: { connectionId, customerCodes: [`${mark}/1`] } },
  'POST /v1/operations/rebuild': { body: { customerCodes: [`${mark}/1`] } },
  'POST /v1/periods/{id}/reprocess': { query: { dryRun: 'true' } },
  'POST /v1/quarantine/{id}/discard': { body: { note } },
  'GET /v1/lines/{lineKey}/users': { query: { on: '2026-03-04' } },
  'GET /v1/assignments': { query: { asOf: '2026-03-04', knownOn: '2026-03-10' } },
  'GET /v1/customers/{code}/timeline': { query: { from: '2026-02-01', to: '2026-03-10', limit: '2' } },
};
