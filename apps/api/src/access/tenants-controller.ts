import { Body, Controller, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { createTenant, listTenants, rotateTenantTokens } from '@trueup/access';
import { insertDefaultSettings } from '@trueup/billing';
import { name } from '@trueup/contracts';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import type { PageQuery } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { ProblemError, notFound } from '../http/problem-error.js';

const newTenant = z.strictObject({ name }).meta({ id: 'NewTenant', examples: [{ name: 'Acme IT' }] });
const tenant = z.object({ id: z.string(), name: z.string(), createdAt: z.string() }).meta({ id: 'Tenant' });
const createdTenant = z
  .object({
    id: z.string(),
    name: z.string(),
    tokens: z
      .object({ admin: z.string(), events: z.string() })
      .optional()
      .meta({ description: 'Shown once; absent when a repeated Idempotency-Key is answered' }),
  })
  .meta({ id: 'CreatedTenant' });

@Controller('v1/tenants')
export class TenantsController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post()
  @NeedsTenantScope('tenants:admin')
  @Answers(201, 'Makes a tenant; its two tokens are shown once', createdTenant)
  create(
    @Body({ schema: newTenant }) body: z.output<typeof newTenant>,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<z.output<typeof createdTenant>> {
    const at = this.parts.now();
    return onceByKey(this.parts.allTenants, { caller, route: 'POST /tenants', key, body, at }, async (tx) => {
      const { tenant: made, tokens } = await createTenant(tx, { name: body.name, createdAt: at });
      await insertDefaultSettings(tx, made.id, at);
      const repeatable = { id: made.id, name: made.name };
      return { body: { ...repeatable, tokens }, repeatable };
    });
  }

  @Post(':id/rotate-tokens')
  @NeedsTenantScope('tenants:admin')
  @Answers(201, 'Ends all tokens and sessions of another tenant and gives it two new ones, shown once', createdTenant)
  rotate(
    @Param('id', { schema: pathText }) id: string,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<z.output<typeof createdTenant>> {
    const at = this.parts.now();
    if (id === caller.tenantId)
      throw new ProblemError('conflict', 'This is your own tenant; make a new token and delete the old one.');
    return onceByKey(
      this.parts.allTenants,
      { caller, route: 'POST /tenants/rotate-tokens', key, body: { id }, at },
      async (tx) => {
        const rotated = await rotateTenantTokens(tx, id, at);
        if (!rotated) throw notFound('There is no such tenant; GET /v1/tenants lists them.');
        const repeatable = { id, name: rotated.tenant.name };
        return { body: { ...repeatable, tokens: rotated.tokens }, repeatable };
      },
    );
  }

  @Get()
  @NeedsTenantScope('tenants:admin')
  @Answers(200, 'Lists all tenants, oldest first', pageOf(tenant))
  async list(@Query({ schema: pageQuery }) query: PageQuery) {
    const limit = limitOf(query);
    const rows = await listTenants(this.parts.allTenants, { after: positionOf(query, 1)?.[0], limit: limit + 1 });
    return toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => ({ ...row, createdAt: row.createdAt.toISOString() }),
    );
  }
}
