import { Body, Controller, Delete, Get, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { createPerson, deletePerson, findPerson, invite, listPeople, reachCovers, setRoles } from '@trueup/access';
import type { z } from 'zod';
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
import { ProblemError } from '../http/problem-error.js';
import { refuseHigher, refuseSurplus } from './grantable-roles.js';
import { invitedPerson, newPerson, newRoles, shownInvitation, shownPerson, toShownPerson } from './people-shapes.js';

@Controller('v1/people')
export class PeopleController {
  constructor(@Inject(API_PARTS) private readonly parts: ApiParts) {}

  @Post()
  @NeedsScope('tokens:admin')
  @Answers(201, 'Invites a person, within your own scopes and reach; the invitation is shown once', invitedPerson)
  create(
    @Body({ schema: newPerson }) body: z.output<typeof newPerson>,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<z.output<typeof invitedPerson>> {
    const at = this.parts.now();
    const wish = { ...body, reach: body.reach ?? caller.reach };
    refuseSurplus(caller, wish);
    return onceByKey(this.parts.db, { caller, route: 'POST /people', key, body, at }, async (tx) => {
      const person = await createPerson(tx, { ...wish, tenantId: caller.tenantId, createdAt: at });
      if (!person) throw new ProblemError('conflict', 'There is a person of this e-mail already.');
      const { secret, expiresAt } = await invite(tx, person.id, at);
      const repeatable = { ...toShownPerson(person), invitation: { expiresAt: expiresAt.toISOString() } };
      return { body: { ...repeatable, invitation: { ...repeatable.invitation, token: secret } }, repeatable };
    });
  }

  @Get()
  @NeedsScope('tokens:admin')
  @Answers(200, 'Lists the people within your reach, oldest first', pageOf(shownPerson))
  async list(@Query({ schema: pageQuery }) query: PageQuery, @Caller() caller: Principal) {
    const limit = limitOf(query);
    const rows = await listPeople(this.parts.db, caller.tenantId, { after: positionOf(query, 1)?.[0], limit: limit + 1 });
    const page = toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => row,
    );
    return { ...page, data: page.data.filter((row) => reachCovers(caller.reach, row.reach)).map(toShownPerson) };
  }

  @Put(':id/roles')
  @NeedsScope('tokens:admin')
  @Answers(200, 'Sets what a person may do and see; its tokens and sessions follow within a second', shownPerson)
  async putRoles(
    @Param('id', { schema: pathText }) id: string,
    @Body({ schema: newRoles }) body: z.output<typeof newRoles>,
    @Caller() caller: Principal,
  ) {
    const person = await decide(this.parts.db, async (tx) => {
      const before = refuseHigher(caller, await findPerson(tx, caller.tenantId, id, 'for update'));
      const wish = { roles: body.roles, reach: body.reach ?? before.reach };
      refuseSurplus(caller, wish);
      return (await setRoles(tx, caller.tenantId, id, wish))!;
    });
    return toShownPerson(person);
  }

  @Post(':id/invitation')
  @NeedsScope('tokens:admin')
  @Answers(
    201,
    'Invites a person anew, to set a first or another password; shown once, an earlier invitation ends',
    shownInvitation,
  )
  invite(
    @Param('id', { schema: pathText }) id: string,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ): Promise<z.output<typeof shownInvitation>> {
    const at = this.parts.now();
    return onceByKey(this.parts.db, { caller, route: 'POST /people/invitation', key, body: { id }, at }, async (tx) => {
      refuseHigher(caller, await findPerson(tx, caller.tenantId, id, 'for update'));
      const { secret, expiresAt } = await invite(tx, id, at);
      const repeatable = { expiresAt: expiresAt.toISOString() };
      return { body: { ...repeatable, token: secret }, repeatable };
    });
  }

  @Delete(':id')
  @NeedsScope('tokens:admin')
  @Answers(204, 'Forgets a person; its tokens and sessions end within a second')
  async remove(@Param('id', { schema: pathText }) id: string, @Caller() caller: Principal): Promise<void> {
    await decide(this.parts.db, async (tx) => {
      refuseHigher(caller, await findPerson(tx, caller.tenantId, id, 'for update'));
      await deletePerson(tx, caller.tenantId, id);
    });
  }
}
