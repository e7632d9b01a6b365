import { fillTenant } from './filled-tenant.js';
import { holdLine } from './held-line.js';
import { lineByHand } from './line-by-hand.js';
import type { KnownIds } from './listed-routes.js';
import type { StartedApi } from './started-api.js';

/** The password of everybody in the filled tenant. */
export const password = 'correct horse battery';

/** A filled tenant with a held line, one for a person to change, two people of whom one is signed in, an open invitation, and another tenant. */
export async function knownIds(api: StartedApi): Promise<KnownIds> {
  const filled = await fillTenant(api);
  const holdId = await holdLine(api, filled);
  const workItemId = await lineByHand(api, filled);
  const signedIn = await invite(api, 'zebra.one@acme.example');
  const other = await invite(api, 'zebra.two@acme.example');
  await api.call('/v1/invitations/accept', { method: 'POST', token: null, body: { token: signedIn.invitation.token, password } });
  const begun = await api.call('/v1/sessions', { method: 'POST', token: null, body: { email: signedIn.email, password } });
  const session = {
    id: begun.body.id,
    headers: { cookie: begun.headers.getSetCookie()[0]!.split(';')[0]!, 'x-csrf-token': begun.body.csrfToken },
  };
  const made = await api.call('/v1/tenants', { method: 'POST', body: { name: 'Another' } });
  const people = { personId: other.id, email: signedIn.email, invitation: other.invitation.token, session };
  return { ...filled, holdId, workItemId, ...people, otherTenantId: made.body.id };
}

async function invite(api: StartedApi, email: string) {
  const body = { email, name: 'Zebra', roles: ['admin'] };
  return (await api.call('/v1/people', { method: 'POST', body })).body;
}
