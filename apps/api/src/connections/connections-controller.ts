import { Body, Controller, Delete, Get, HttpStatus, Inject, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { createConnection, listConnections, patchConnection, removeConnection, zeroConnection } from '@trueup/control';
import type { ConnectionChange, StoredConnection } from '@trueup/control';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { decide } from '../audit/decide.js';
import { AlsoAnswers, Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsScope, NeedsTenantScope } from '../http/needs-scope.js';
import { limitOf, pageOf, pageQuery, positionOf, toPage } from '../http/page.js';
import type { PageQuery } from '../http/page.js';
import { pathText } from '../http/path-text.js';
import { IfMatch } from '../http/precondition.js';
import type { Precondition } from '../http/precondition.js';
import { ProblemError } from '../http/problem-error.js';
import { TaggedEdit, TaggedReading } from '../http/tagged.js';
import { ConnectionDesk, noConnection } from './connection-desk.js';
import {
  connectionPatch,
  linesLeft,
  newConnection,
  removalQuery,
  shownConnection,
  toShownConnection,
} from './connection-shapes.js';
import { refuseUnknownKind } from './known-kind.js';
import { refuseMoveToRealHost } from './trust-ladder.js';
import { WriteLease } from './write-lease.js';

@Controller('v1/connections')
export class ConnectionsController {
  constructor(
    @Inject(ConnectionDesk) private readonly desk: ConnectionDesk,
    @Inject(WriteLease) private readonly lease: WriteLease,
  ) {}

  @Post()
  @NeedsTenantScope('connections:admin')
  @Answers(201, 'Makes a connection, which only observes', shownConnection)
  create(
    @Body({ schema: newConnection }) body: z.output<typeof newConnection>,
    @Caller() caller: Principal,
    @IdempotencyKey() key?: string,
  ) {
    this.desk.refuseBadBaseUrl(body.baseUrl);
    const at = this.desk.parts.now();
    return onceByKey(this.desk.parts.db, { caller, route: 'POST /connections', key, body, at }, async (tx) => {
      await refuseUnknownKind(this.desk.parts.allTenants, body.kind);
      const made = toShownConnection(changed(await createConnection(tx, caller.tenantId, body, at)), []);
      return { body: made, repeatable: made };
    });
  }

  @Get()
  @NeedsScope('billing:read')
  @Answers(200, 'Lists the connections, oldest first', pageOf(shownConnection))
  async list(@Query({ schema: pageQuery }) query: PageQuery, @Caller() caller: Principal) {
    if (caller.reach !== 'tenant') return { data: [], nextCursor: null };
    const limit = limitOf(query);
    const after = positionOf(query, 1)?.[0];
    const rows = await listConnections(this.desk.parts.db, caller.tenantId, { after, limit: limit + 1 });
    const page = toPage(
      rows,
      limit,
      (row) => [row.id],
      (row) => row,
    );
    return { ...page, data: await this.desk.show(caller.tenantId, page.data) };
  }

  @Get(':id')
  @NeedsTenantScope('billing:read')
  @TaggedReading()
  @Answers(200, 'Shows a connection', shownConnection)
  async get(@Param('id', { schema: pathText }) id: string, @Caller() { tenantId }: Principal) {
    return this.desk.showOne(tenantId, await this.desk.find(tenantId, id));
  }

  @Patch(':id')
  @NeedsTenantScope('connections:admin')
  @TaggedEdit()
  @Answers(200, 'Changes label, address or settings; a new address raises the epoch', shownConnection)
  async patch(
    @Param('id', { schema: pathText }) id: string,
    @Body({ schema: connectionPatch }) body: z.output<typeof connectionPatch>,
    @Caller() { tenantId }: Principal,
    @IfMatch() ifMatch: Precondition,
  ) {
    this.desk.refuseBadBaseUrl(body.baseUrl);
    const { db, now, testHosts } = this.desk.parts;
    const patched = await decide(db, async (tx) => {
      refuseMoveToRealHost(await this.desk.beginEdit(tx, tenantId, id, ifMatch), body.baseUrl, testHosts);
      return changed(await patchConnection(tx, tenantId, id, body, now()));
    });
    if (body.baseUrl !== undefined) await this.lease.endIfWriting(tenantId, [id]);
    return this.desk.showOne(tenantId, patched);
  }

  @Delete(':id')
  @NeedsTenantScope('connections:admin')
  @Answers(204, 'Forgets a connection and its secrets; nothing is written to its PSA any more')
  @AlsoAnswers(202, 'Its lines are being brought to zero; ask again', linesLeft)
  async remove(
    @Param('id', { schema: pathText }) id: string,
    @Query({ schema: removalQuery }) { onRemove }: z.output<typeof removalQuery>,
    @Caller() { tenantId }: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.output<typeof linesLeft> | undefined> {
    const { parts, secrets } = this.desk;
    const before = await this.desk.find(tenantId, id);
    const left = onRemove === 'zero' ? await this.bringToZero(before) : 0;
    if (left > 0) {
      reply.status(HttpStatus.ACCEPTED);
      return { linesLeft: left };
    }
    await decide(parts.db, async (tx) => {
      if (!(await removeConnection(tx, tenantId, id, parts.now()))) throw noConnection();
      await secrets.remove(tx, { tenantId, connectionId: id });
    });
    if (before.mode !== 'observe') await this.lease.end();
    return undefined;
  }

  /** How many lines still hold units. */
  private async bringToZero({ id, tenantId, mode }: StoredConnection): Promise<number> {
    if (mode !== 'auto')
      throw new ProblemError('conflict', 'Nothing is written in this mode; set it to auto, or leave the units.');
    const { db, now } = this.desk.parts;
    const days = { today: await this.desk.today(tenantId), at: now() };
    const progress = await decide(db, (tx) => zeroConnection(tx, tenantId, id, days));
    if (!progress) throw noConnection();
    return progress.linesLeft;
  }
}

function changed(change: ConnectionChange | null): StoredConnection {
  if (!change) throw noConnection();
  if ('connection' in change) return change.connection;
  throw new ProblemError(
    'validation-failed',
    'The settings were not accepted; correct the fields named in errors.',
    change.errors,
  );
}
