import { Body, Controller, Inject, Post, Put, Req } from '@nestjs/common';
import { acceptInvitation, isPasswordOf, setPassword } from '@trueup/access';
import type { SignedIn } from '@trueup/access';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { HidesBody } from '../audit/hides-body.js';
import { decide } from '../audit/decide.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { IsPublic, NeedsToken } from '../http/needs-scope.js';
import { ProblemError, invalid } from '../http/problem-error.js';
import { acceptedInvitation, passwordChange } from './people-shapes.js';
import { refuseForeignOrigin } from './session-cookie.js';
import { SignInLimiter } from './sign-in-limiter.js';

@Controller('v1')
export class PasswordsController {
  constructor(
    @Inject(API_PARTS) private readonly parts: ApiParts,
    @Inject(SignInLimiter) private readonly limiter: SignInLimiter,
  ) {}

  @Post('invitations/accept')
  @IsPublic()
  @HidesBody()
  @Answers(204, 'Sets a password by an invitation, which is then spent; sign in afterwards')
  async accept(
    @Body({ schema: acceptedInvitation }) { token, password }: z.output<typeof acceptedInvitation>,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    refuseForeignOrigin(request);
    const spend = async (tx: Parameters<typeof acceptInvitation>[0]): Promise<SignedIn> => {
      const person = await acceptInvitation(tx, token, password, this.parts.now());
      if (!person) throw invalid('/token', 'Is no invitation, or was spent, or has expired; ask for another');
      return person;
    };
    await decide(this.parts.allTenants, spend, {
      subject: ({ personId }) => ({ id: personId }),
      author: ({ tenantId, personId: id, name }) => ({ tenantId, actor: { kind: 'person', id, name } }),
    });
  }

  @Put('me/password')
  @NeedsToken()
  @HidesBody()
  @Answers(204, 'Changes your own password; your other sessions end')
  async change(
    @Body({ schema: passwordChange }) { currentPassword, password }: z.output<typeof passwordChange>,
    @Caller() { person, sessionId }: Principal,
    @Req() request: FastifyRequest,
  ): Promise<void> {
    if (!person || sessionId === undefined)
      throw new ProblemError('missing-scope', 'Only a person who is signed in has a password.');
    await this.limiter.admit(person.id, request.ip);
    if (!(await isPasswordOf(this.parts.db, person.id, currentPassword)))
      throw invalid('/currentPassword', 'Is not your password');
    await decide(this.parts.db, (tx) => setPassword(tx, person.id, password, sessionId));
    await this.limiter.forget(person.id);
  }
}
