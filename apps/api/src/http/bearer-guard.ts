import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { verifyServiceToken } from '@trueup/access';
import type { Principal, SqlRunner, TokenVerifier } from '@trueup/access';
import type { FastifyRequest } from 'fastify';
import { ACCESS_RULE } from './needs-scope.js';
import type { AccessRule } from './needs-scope.js';
import { ProblemError, notFound } from './problem-error.js';

declare module 'fastify' {
  interface FastifyRequest {
    principal?: Principal;
    connectorKind?: string;
  }
}

/** Lets a request in only as its route's access rule allows. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
    private readonly db: SqlRunner,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const rule = this.reflector.get<AccessRule | undefined>(ACCESS_RULE, context.getHandler());
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (!rule) throw new Error('The route has no access rule');
    if (rule.kind === 'token') await this.#admitToken(request, rule);
    if (rule.kind === 'service') await this.#admitService(request);
    return true;
  }

  async #admitToken(request: FastifyRequest, rule: AccessRule & { kind: 'token' }): Promise<void> {
    const principal = await this.verifier.verify(bearerOf(request));
    if (!principal) throw unauthenticated();
    if (rule.scope !== null && !principal.scopes.has(rule.scope)) {
      throw new ProblemError('missing-scope', `This needs a token with the scope ${rule.scope}.`);
    }
    if (rule.isTenantWide && principal.reach !== 'tenant') throw beyondReach(request.method);
    request.principal = principal;
  }

  async #admitService(request: FastifyRequest): Promise<void> {
    const kind = await verifyServiceToken(this.db, bearerOf(request));
    if (kind === null) throw unauthenticated();
    request.connectorKind = kind;
  }
}

/** What cannot be seen is absent; what cannot be done is said. */
function beyondReach(method: string): ProblemError {
  if (method === 'GET' || method === 'HEAD') return notFound();
  return new ProblemError('missing-scope', 'This concerns the whole tenant; use a token whose reach is "tenant".');
}

function bearerOf(request: FastifyRequest): string {
  const match = /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(request.headers.authorization ?? '');
  if (!match) throw unauthenticated();
  return match[1]!;
}

function unauthenticated(): ProblemError {
  return new ProblemError(
    'unauthenticated',
    'Send Authorization: Bearer <token> with a token that is neither deleted nor expired.',
  );
}
