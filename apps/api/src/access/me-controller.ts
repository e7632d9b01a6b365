import { Controller, Get, Inject, Req } from '@nestjs/common';
import { findPerson, findTenant } from '@trueup/access';
import { reach, scope } from '@trueup/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsToken } from '../http/needs-scope.js';
import { notFound } from '../http/problem-error.js';

const me = z
  .object({
    tokenId: z.string().meta({ description: 'Of the token, or of the session' }),
    label: z.string(),
    person: z
      .object({ id: z.string(), name: z.string(), email: z.string(), roles: z.array(z.string()) })
      .nullable()
      .meta({ description: 'Null for tokens of programs' }),
    tenant: z.object({ id: z.string(), name: z.string() }),
    scopes: z.array(scope),
    reach,
    csrfToken: z.string().optional().meta({ description: 'Of a session: to be sent as X-CSRF-Token with every change' }),
  })
  .meta({ id: 'Me' });

@Controller('v1/me')
export class MeController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsToken()
  @Answers(200, 'Tells who you are and what you may do', me)
  async get(@Caller() caller: Principal, @Req() { csrfToken }: FastifyRequest) {
    const tenant = await findTenant(this.parts.db, caller.tenantId);
    if (!tenant) throw notFound();
    const { tokenId, label, scopes } = caller;
    const person = await this.#person(caller);
    const shown = {
      tokenId,
      label,
      person,
      tenant: { id: tenant.id, name: tenant.name },
      scopes: [...scopes],
      reach: caller.reach,
    };
    return { ...shown, ...(csrfToken !== undefined && { csrfToken }) };
  }

  async #person({ tenantId, person }: Principal) {
    const found = person ? await findPerson(this.parts.db, tenantId, person.id) : null;
    return found && { id: found.id, name: found.name, email: found.email, roles: found.roles };
  }
}
