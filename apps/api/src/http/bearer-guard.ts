import { Injectable } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { csrfTokenOf, verifyServiceToken } from '@trueup/access';
import type { Principal, SessionVerifier, SqlRunner, TokenVerifier } from '@trueup/access';
import type { FastifyRequest } from 'fastify';
import { refuseCrossSite, sessionSecretOf } from '../access/session-cookie.js';
import { ACCESS_RULE } from './needs-scope.js';
import type { AccessRule } from './needs-scope.js';
import { ProblemError, notFound } from './problem-error.js';

declare module 'fastify' {
  interface FastifyRequest {
    principal?: Principal;
    connectorKind?: string;
    /** Of a session: what its changes must carry. */
    csrfToken?: string;
  }
}

/** Lets a request in only as its route's access rule allows. */
@Injectable()
export class BearerGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly verifier: TokenVerifier,
    private readonly sessions: SessionVerifier,
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
    const principal = await this.#principalOf(request);
    if (!principal) throw unauthenticated();
    request.principal = principal; // also of what is refused next: the log names who asked
    if (rule.scope !== null && !principal.scopes.has(rule.scope)) {
      throw new ProblemError('missing-scope', `This needs the scope ${rule.scope}.`);
    }
    if (rule.isTenantWide && principal.reach !== 'tenant') throw beyondReach(request.method);
  }

  /** A bearer token decides alone; a session's cookie counts where none is sent, and changes only what a page of ours asked for. */
  async #principalOf(request: FastifyRequest): Promise<Principal | null> {
    const secret = request.headers.authorization === undefined ? sessionSecretOf(request) : undefined;
    if (secret === undefined) return this.verifier.verify(bearerOf(request));
    const principal = await this.sessions.verify(secret);
    if (!principal) return null;
    request.csrfToken = csrfTokenOf(secret);
    if (!isReading(request.method)) refuseCrossSite(request, request.csrfToken);
    return principal;
  }

  async #admitService(request: FastifyRequest): Promise<void> {
    const kind = await verifyServiceToken(this.db, bearerOf(request));
    if (kind === null) throw unauthenticated();
    request.connectorKind = kind;
  }
}

/** What cannot be seen is absent; what cannot be done is said. */
function beyondReach(method: string): ProblemError {
  if (isReading(method)) return notFound();
  return new ProblemError('missing-scope', 'This concerns the whole tenant; use a token whose reach is "tenant".');
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
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
