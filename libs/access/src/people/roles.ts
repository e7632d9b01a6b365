import { SCOPES } from '@trueup/contracts';
import type { Scope } from '@trueup/contracts';

const scopesOfRoles = {
  /** Makes tenants besides everything that an admin may. */
  operator: SCOPES,
  admin: SCOPES.filter((scope) => scope !== 'tenants:admin'),
  finance: ['billing:read', 'mapping:write', 'control:operate', 'control:approve', 'audit:read'],
  desk: ['billing:read'],
  sre: ['billing:read', 'connections:admin', 'control:operate'],
  auditor: ['billing:read', 'audit:read'],
} as const satisfies Record<string, readonly Scope[]>;

/** A named set of scopes; a person may have several. */
export type Role = keyof typeof scopesOfRoles;

export const ROLES = Object.keys(scopesOfRoles) as [Role, ...Role[]];

/** Everything that people with these roles may do. A name that is no role (any more) gives nothing. */
export function scopesOf(roles: readonly string[]): Scope[] {
  const scopes = roles.flatMap((role): readonly Scope[] =>
    Object.hasOwn(scopesOfRoles, role) ? scopesOfRoles[role as Role] : [],
  );
  return SCOPES.filter((scope) => scopes.includes(scope));
}
