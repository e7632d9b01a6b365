import { Controller, Get, Inject } from '@nestjs/common';
import { findTenant } from '@trueup/access';
import { reach, scope } from '@trueup/contracts';
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
    tokenId: z.string(),
    label: z.string(),
    tenant: z.object({ id: z.string(), name: z.string() }),
    scopes: z.array(scope),
    reach,
  })
  .meta({ id: 'Me' });

@Controller('v1/me')
export class MeController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Get()
  @NeedsToken()
  @Answers(200, 'Tells whom your token stands for and what it may do', me)
  async get(@Caller() caller: Principal) {
    const tenant = await findTenant(this.parts.db, caller.tenantId);
    if (!tenant) throw notFound();
    const { tokenId, label, scopes } = caller;
    return { tokenId, label, tenant: { id: tenant.id, name: tenant.name }, scopes: [...scopes], reach: caller.reach };
  }
}
