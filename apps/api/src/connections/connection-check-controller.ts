import { setTimeout as wait } from 'node:timers/promises';
import { Controller, HttpStatus, Inject, Param, Post, Res } from '@nestjs/common';
import { findCheckAnswer, listUnnamedLines, requestCheck } from '@trueup/control';
import type { FastifyReply } from 'fastify';
import { AlsoAnswers, Answers } from '../http/answers.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { onceByKey } from '../http/idempotency.js';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { pathText } from '../http/path-text.js';
import { ConnectionDesk, noConnection } from './connection-desk.js';
import { checkAnswer } from './connection-shapes.js';

const lookAgainMs = 200;

@Controller('v1/connections/:id/check')
export class ConnectionCheckController {
  constructor(@Inject(ConnectionDesk) private readonly desk: ConnectionDesk) {}

  @Post()
  @NeedsTenantScope('connections:admin')
  @Answers(200, 'Asks the connector to try the connection; 202 when it has not answered in time', checkAnswer)
  @AlsoAnswers(202, 'The connector has not answered yet', checkAnswer)
  async check(
    @Param('id', { schema: pathText }) id: string,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
    @IdempotencyKey() key?: string,
  ) {
    const { tenantId } = caller;
    const request = { caller, route: 'POST /connections/check', key, body: { id }, at: this.desk.parts.now() };
    // A repeat waits for the answer of the same check and asks the PSA nothing more.
    const { checkRequested } = await onceByKey(this.desk.parts.db, request, async (tx) => {
      const asked = await requestCheck(tx, tenantId, id);
      if (asked === null) throw noConnection();
      return { body: { checkRequested: asked } };
    });
    const answer = await this.#awaitAnswer(tenantId, id, checkRequested);
    if (!answer) reply.status(HttpStatus.ACCEPTED);
    const unmappedLines = await this.#unmappedLines(tenantId, id);
    return {
      checkRequested,
      ...(answer && { findings: answer.findings, at: answer.at.toISOString() }),
      ...(unmappedLines && { unmappedLines }),
    };
  }

  async #unmappedLines(tenantId: string, connectionId: string) {
    const known = await listUnnamedLines(this.desk.parts.db, { tenantId, connectionId, limit: 0 });
    if (!known?.isListed) return null;
    const see = `GET /v1/connections/${connectionId}/unmapped-lines`;
    return { total: known.total, readAt: known.readAt.toISOString(), see };
  }

  async #awaitAnswer(tenantId: string, id: string, checkRequested: number) {
    const { db, checkWaitMs } = this.desk.parts;
    for (let waitedMs = 0; waitedMs < checkWaitMs; waitedMs += lookAgainMs) {
      const answer = await findCheckAnswer(db, tenantId, id, checkRequested);
      if (answer) return answer;
      await wait(lookAgainMs);
    }
    return null;
  }
}
