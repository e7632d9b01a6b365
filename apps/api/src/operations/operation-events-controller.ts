import { setTimeout as wait } from 'node:timers/promises';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';
import { BillingQueries } from '@trueup/billing';
import type { Operation } from '@trueup/billing';
import type { FastifyReply } from 'fastify';
import { API_PARTS } from '../api-parts.js';
import type { ApiParts } from '../api-parts.js';
import { Caller } from '../http/caller.js';
import type { Principal } from '../http/caller.js';
import { NeedsTenantScope } from '../http/needs-scope.js';
import { pathText } from '../http/path-text.js';
import { noOperation } from './operation-shapes.js';

const summary = 'Streams how far a long piece of work is: an event progress with every change, and done at the end';
const lookAgainMs = 500;

@Controller('v1/operations/:id/events')
export class OperationEventsController {
  constructor(
    @Inject(BillingQueries) private readonly queries: BillingQueries,
    @Inject(API_PARTS) private readonly parts: ApiParts,
  ) {}

  @Get()
  @NeedsTenantScope('billing:read')
  @ApiOperation({ summary })
  @ApiProduces('text/event-stream')
  @ApiResponse({ status: 200, description: summary, content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async stream(
    @Param('id', { schema: pathText }) id: string,
    @Caller() { tenantId }: Principal,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const first = await this.queries.operation(tenantId, id);
    if (!first) throw noOperation();
    reply.hijack();
    const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream' };
    reply.raw.writeHead(200, headers as Record<string, string>);
    reply.raw.write('retry: 1000\n\n');
    await this.#follow(reply, { tenantId, id, first });
    reply.raw.end();
  }

  async #follow(reply: FastifyReply, { tenantId, id, first }: { tenantId: string; id: string; first: Operation }): Promise<void> {
    let told = '';
    let shown: Operation | null = first;
    for (
      let sinceMs = 0;
      shown !== null && sinceMs < this.parts.longestStreamMs && !reply.raw.destroyed;
      sinceMs += lookAgainMs
    ) {
      const data = JSON.stringify(shown);
      if (data !== told) reply.raw.write(`event: ${shown.stage === 'done' ? 'done' : 'progress'}\ndata: ${data}\n\n`);
      told = data;
      if (shown.stage === 'done') return;
      await wait(lookAgainMs);
      shown = await this.#look(tenantId, id);
    }
  }

  async #look(tenantId: string, id: string): Promise<Operation | null> {
    try {
      return await this.queries.operation(tenantId, id);
    } catch (error) {
      this.parts.logger.warn({ err: error, operationId: id }, 'a stream of progress ended early'); // the client comes again
      return null;
    }
  }
}
