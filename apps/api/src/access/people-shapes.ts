import { ROLES, isGuessable } from '@trueup/access';
import type { Person, SessionRecord } from '@trueup/access';
import { name, reach } from '@trueup/contracts';
import { z } from 'zod';
import { reachInput } from './token-shapes.js';

const email = z
  .string()
  .max(254)
  .regex(/^\s*[^\s@\0]+@[^\s@\0]+\s*$/, 'Must be an e-mail address');
const roles = z.array(z.enum(ROLES)).max(ROLES.length);
/** Long is what makes a password strong; no rules about its letters. */
const newPassword = z
  .string()
  .min(12, 'Must have at least 12 characters')
  .max(256)
  .refine((password) => !isGuessable(password), 'Is one of the first that anybody tries; take several words');

export const newPerson = z
  .strictObject({ email, name, roles, reach: reachInput.optional() })
  .meta({ id: 'NewPerson', examples: [{ email: 'ann@acme.example', name: 'Ann', roles: ['finance'] }] });

export const newRoles = z
  .strictObject({ roles, reach: reachInput.optional() })
  .meta({ id: 'NewRoles', examples: [{ roles: ['finance', 'auditor'] }] });

export const shownPerson = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    roles: z.array(z.string()),
    reach,
    hasPassword: z.boolean().meta({ description: 'False until the first invitation was accepted' }),
    createdAt: z.string(),
  })
  .meta({ id: 'Person' });

const invitation = z.object({
  token: z.string().optional().meta({ description: 'Shown once; absent when a repeated Idempotency-Key is answered' }),
  expiresAt: z.string(),
});
export const shownInvitation = invitation.meta({ id: 'Invitation' });
export const invitedPerson = shownPerson.extend({ invitation }).meta({ id: 'InvitedPerson' });

export const signInBody = z
  .strictObject({
    email: z.string().min(1).max(254),
    password: z.string().min(1).max(256),
    tenantId: z
      .string()
      .max(64)
      .optional()
      .meta({ description: 'For people with the same e-mail and password at several tenants' }),
  })
  .meta({ id: 'SignIn', examples: [{ email: 'ann@acme.example', password: 'correct horse battery staple' }] });

export const acceptedInvitation = z
  .strictObject({ token: z.string().min(1).max(512), password: newPassword })
  .meta({ id: 'AcceptedInvitation', examples: [{ token: 'tri_0aF…', password: 'correct horse battery staple' }] });

export const passwordChange = z
  .strictObject({ currentPassword: z.string().min(1).max(256), password: newPassword })
  .meta({ id: 'PasswordChange', examples: [{ currentPassword: 'correct horse battery', password: 'staple battery horse' }] });

export const shownSession = z
  .object({ id: z.string(), createdAt: z.string(), expiresAt: z.string(), lastUsedAt: z.string(), isCurrent: z.boolean() })
  .meta({ id: 'Session' });

export const begunSession = z
  .object({
    id: z.string(),
    tenantId: z.string(),
    personId: z.string(),
    expiresAt: z.string(),
    csrfToken: z.string().meta({ description: 'To be sent as X-CSRF-Token with every change' }),
  })
  .meta({ id: 'BegunSession' });

export function toShownPerson(person: Person): z.output<typeof shownPerson> {
  return { ...person, createdAt: person.createdAt.toISOString() };
}

export function toShownSession(session: SessionRecord, currentId: string | undefined): z.output<typeof shownSession> {
  const { id, createdAt, expiresAt, lastUsedAt } = session;
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString(), lastUsedAt: lastUsedAt.toISOString() };
  return { id, ...times, isCurrent: id === currentId };
}
