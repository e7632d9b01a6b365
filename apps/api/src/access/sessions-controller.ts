import { Body, Controller, Delete, Get, Inject, Param, Post, Req, Res } from '@nestjs/common';
import { beginSession, csrfTokenOf, endSession, forgetSession, listSessions, signIn } from '@trueup/access';
import type { SignedIn, SqlRunner } from '@trueup/access';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { HidesBody } from '../audit/hides-body.js';
import { decide } from '../audit/decide.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { IsPublic, NeedsToken } from '../http/needs-scope.js';
import { pageOf } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { ProblemError, notFound } from '../http/problem-error.js';
import { begunSession, shownSession, signInBody, toShownSession } from './people-shapes.js';
import { clearSession, refuseForeignOrigin, sessionSecretOf, setSessionCookie } from './session-cookie.js';
import { SignInLimiter } from './sign-in-limiter.js';

@Controller('v1/sessions')
export class SessionsController {
  constructor(
    @Inject(API_PARTS) private readonly parts: ApiParts,
    @Inject(SignInLimiter) private readonly limiter: SignInLimiter,
  ) {}

  @Post()
  @IsPublic()
  @HidesBody()
  @Answers(201, 'Signs a person in: the answer sets the session cookie', begunSession)
  async begin(
    @Body({ schema: signInBody }) body: z.output<typeof signInBody>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof begunSession>> {
    refuseForeignOrigin(request);
    await this.limiter.admit(body.email, request.ip);
    const person = await signIn(this.parts.allTenants, body);
    if (!person) throw signInRefused();
    const { record, secret } = await this.#begin(person, sessionSecretOf(request));
    await this.limiter.forget(body.email);
    setSessionCookie(request, reply, secret);
    const { personId, tenantId } = person;
    return { id: record.id, tenantId, personId, expiresAt: record.expiresAt.toISOString(), csrfToken: csrfTokenOf(secret) };
  }

  @Get()
  @NeedsToken()
  @Answers(200, 'Lists your own sessions', pageOf(shownSession))
  async list(@Caller() { person, sessionId }: Principal) {
    const sessions = person ? await listSessions(this.parts.db, person.id, this.parts.now()) : [];
    return { data: sessions.map((session) => toShownSession(session, sessionId)), nextCursor: null };
  }

  @Delete(':id')
  @NeedsToken()
  @Answers(204, 'Ends a session of your own; current is the one that asks')
  async end(
    @Param('id', { schema: pathText }) id: string,
    @Caller() { person, sessionId }: Principal,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const wanted = id === 'current' ? sessionId : id;
    await decide(this.parts.db, async (tx) => {
      if (!person || wanted === undefined || !(await endSession(tx, person.id, wanted))) throw noSession();
    });
    if (wanted === sessionId) clearSession(request, reply);
  }

  /** The session that the browser had until now ends: its cookie is overwritten. */
  #begin({ tenantId, personId: id, name }: SignedIn, replaced: string | undefined) {
    const begin = async (tx: SqlRunner) => {
      if (replaced !== undefined) await forgetSession(tx, replaced);
      return beginSession(tx, id, this.parts.now());
    };
    return decide(this.parts.allTenants, begin, {
      subject: ({ record }) => ({ id: record.id }),
      author: () => ({ tenantId, actor: { kind: 'person', id, name } }),
    });
  }
}

function signInRefused(): ProblemError {
  return new ProblemError('sign-in-refused', 'Check both. Without a password yet, use your invitation first.');
}

function noSession(): ProblemError {
  return notFound('There is no such session; GET /v1/sessions lists yours.');
}
