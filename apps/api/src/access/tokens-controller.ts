import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { createToken, deleteToken, findPerson, findToken, listTokens, reachCovers } from '@trueup/access';
import type { SqlRunner } from '@trueup/access';
import { z } from 'zod';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { decide } from '../audit/decide.js';
import { Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import type { PageQuery } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { notFound } from '../http/problem-error.js';
import { refuseHigher } from './grantable-roles.js';
import { grantableToken } from './grantable-token.js';
import { createdToken, newToken, shownToken, toShownToken } from './token-shapes.js';
import type { NewTokenBody } from './token-shapes.js';

@Controller('v1/tokens')
export class TokensController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post()
  @NeedsScope('tokens:admin')
  @Answers(201, 'Makes a token within your own scopes and reach; its secret is shown once', createdToken)
  create(
    @Body({ schema: newToken }) body: NewTokenBody,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<z.output<typeof createdToken>> {
    const at = this.parts.now();
    const { reach, expiresAt } = grantableToken(caller, body, at);
    return onceByKey(this.parts.db, { caller, route: 'POST /tokens', key, body, at }, async (tx) => {
      const { tenantId } = caller;
      const personId = await ownerOf(tx, caller, body.personId);
      const { record, secret } = await createToken(tx, { ...body, personId, tenantId, reach, expiresAt, createdAt: at });
      const repeatable = toShownToken(record) as z.output<typeof shownToken>;
      return { body: { ...repeatable, token: secret }, repeatable };
    });
  }

  @Get()
  @NeedsScope('tokens:admin')
  @Answers(200, 'Lists the tokens within your reach, oldest first, without secrets', pageOf(shownToken))
  async list(@Query({ schema: pageQuery }) query: PageQuery, @Caller() caller: Principal) {
    const limit = limitOf(query);
    const rows = await listTokens(this.parts.db, caller.tenantId, { after: positionOf(query, 1)?.[0], limit: limit + 1 });
    const page = toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => row,
    );
    return { ...page, data: page.data.filter((row) => reachCovers(caller.reach, row.reach)).map(toShownToken) };
  }

  @Delete(':id')
  @NeedsScope('tokens:admin')
  @Answers(204, 'Ends a token; every service refuses it within one second')
  async remove(@Param('id', { schema: pathText }) id: string, @Caller() caller: Principal): Promise<void> {
    const record = await findToken(this.parts.db, caller.tenantId, id);
    if (!record || !reachCovers(caller.reach, record.reach)) throw noToken();
    await decide(this.parts.db, async (tx) => {
      if (!(await deleteToken(tx, caller.tenantId, id))) throw noToken(); // somebody else was faster
    });
  }
}

function noToken() {
  return notFound('There is no such token; GET /v1/tokens lists them.');
}

/** The caller's own person unless another is named, who must be one that the caller may act for. */
async function ownerOf(tx: SqlRunner, caller: Principal, wanted: string | null | undefined): Promise<string | null> {
  if (wanted === undefined) return caller.person?.id ?? null;
  if (wanted === null || wanted === caller.person?.id) return wanted;
  return refuseHigher(caller, await findPerson(tx, caller.tenantId, wanted)).id;
}
