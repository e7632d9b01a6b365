import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiResponse, ApiSecurity } from '@nestjs/swagger';
import type { Scope } from '@trueup/contracts';

export const ACCESS_RULE = Symbol('access rule');

/** Who may call a route. Without a rule nobody may: a forgotten decorator fails closed. */
export type AccessRule = { kind: 'public' } | { kind: 'service' } | { kind: 'token'; scope: Scope | null; isTenantWide: boolean };

/** Callers with this scope. */
export function NeedsScope(scope: Scope): MethodDecorator {
  return tokenRule(scope, false);
}

/** Callers with this scope whose reach is the whole tenant: what the route shows or sets belongs to no single customer. */
export function NeedsTenantScope(scope: Scope): MethodDecorator {
  return tokenRule(scope, true);
}

/** Callers with any valid token. */
export function NeedsToken(): MethodDecorator {
  return tokenRule(null, false);
}

/** Connectors with their service token. */
export function NeedsServiceToken(): MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS_RULE, { kind: 'service' } satisfies AccessRule), ApiSecurity('service', []));
}

/** Everybody. */
export function IsPublic(): MethodDecorator {
  // An empty requirement says in the OpenAPI document that nothing is asked for.
  return applyDecorators(SetMetadata(ACCESS_RULE, { kind: 'public' } satisfies AccessRule), ApiSecurity({}));
}

function tokenRule(scope: Scope | null, isTenantWide: boolean): MethodDecorator {
  const scopes = scope ? [scope] : [];
  return applyDecorators(
    SetMetadata(ACCESS_RULE, { kind: 'token', scope, isTenantWide } satisfies AccessRule),
    ApiSecurity('bearer', scopes),
    ApiResponse({ status: 401, description: 'No valid token' }),
    ApiResponse({ status: 403, description: scope ? `The token lacks ${scope}` : 'The token may not do this' }),
  );
}
