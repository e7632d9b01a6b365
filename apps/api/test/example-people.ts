import type { StartedApi } from './started-api.js';

/** Somebody who is signed in, an invitation that nobody has used, and a tenant that others may be about. */
export interface ExamplePeople {
  id: string;
  email: string;
  sessionId: string;
  session: Record<string, string>;
  invitation: string;
  otherTenantId: string;
}

const password = 'correct horse battery';
let count = 0;

/** Invites two people of the current tenant, of whom one accepts and signs in. */
export async function peopleOf(api: StartedApi): Promise<ExamplePeople> {
  const post = (path: string, body: object, token: string | null = api.adminToken) =>
    api.call(path, { method: 'POST', body, token });
  const email = `ann-${(count += 1)}@acme.example`;
  const ann = (await post('/v1/people', { email, name: 'Ann', roles: ['admin'] })).body;
  await post('/v1/invitations/accept', { token: ann.invitation.token, password }, null);
  const begun = await post('/v1/sessions', { email, password }, null);
  const cookie = begun.headers.getSetCookie()[0]!.split(';')[0]!;
  const bob = (await post('/v1/people', { email: `bob-${count}@acme.example`, name: 'Bob', roles: [] })).body;
  return {
    ...{ id: ann.id, email, sessionId: begun.body.id, invitation: bob.invitation.token },
    session: { cookie, 'x-csrf-token': begun.body.csrfToken },
    otherTenantId: (await api.tenant('Other')).id,
  };
}
