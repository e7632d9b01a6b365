import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Principal } from '@trueup/access';
import { traceHeadersOf } from '@trueup/kafka';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate, type TokenReader } from './authenticate.js';
import { EventReceiver } from './event-receiver.js';
import { type IngestAnswer, statusOf } from './ingest-answer.js';
import { ingestLimits } from './ingest-limits.js';
import type { Refusal } from './ingest-problem.js';
import { EventLimiter } from './limits/event-limiter.js';
import { problemOfHttpError, sendRefusal } from './send-problem.js';
import { readEnvelope } from './read-envelope.js';
import { readOptions, type RequestOptions } from './read-options.js';

export const TOKEN_READER = Symbol('TOKEN_READER');

const NO_BODY = Buffer.alloc(0);

/**
 * `POST /v1/events`. A route of Fastify itself, because every step between socket and log costs events per second: the token is
 * checked before the body is read, the body stays a buffer until it is parsed once.
 */
@Injectable()
export class EventsRoute implements OnModuleInit {
  private readonly admitted = new WeakMap<FastifyRequest, { principal: Principal; options: RequestOptions }>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly receiver: EventReceiver,
    private readonly limiter: EventLimiter,
    @Inject(TOKEN_READER) private readonly tokens: TokenReader,
  ) {}

  onModuleInit(): void {
    const fastify = this.host.httpAdapter.getInstance<FastifyInstance>();
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser([...ingestLimits.contentTypes], { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    fastify.route({
      method: 'POST',
      url: '/v1/events',
      bodyLimit: ingestLimits.maxBodyBytes,
      onRequest: (request, reply) => this.admit(request, reply),
      handler: (request, reply) => this.receive(request, reply),
      errorHandler: (error: FastifyError, request, reply) => void sendRefusal(request, reply, problemOfHttpError(error)),
    });
  }

  private async admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    const admitted = await authenticate(this.tokens, request.headers.authorization);
    if ('problem' in admitted) return sendRefusal(request, reply, admitted);
    const spent = this.limiter.refusalOf(admitted);
    if (spent) return this.send(request, reply, admitted, spent);
    const options = readOptions(request);
    if ('problem' in options) return sendRefusal(request, reply, options);
    this.admitted.set(request, { principal: admitted, options });
    return undefined;
  }

  private async receive(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const { principal, options } = this.admitted.get(request)!;
    const envelope = readEnvelope(options.mode, request.raw.rawHeaders, (request.body as Buffer | undefined) ?? NO_BODY);
    const refusal = await this.limiter.take(principal, 'inputs' in envelope ? envelope.inputs.length : 1);
    if (refusal) return this.send(request, reply, principal, refusal);
    if ('problem' in envelope) return this.send(request, reply, principal, envelope);
    const trace = traceHeadersOf(request.headers as Record<string, string>);
    const answer = await this.receiver.receive(principal, envelope, { isAtomic: options.isAtomic, trace });
    return this.send(request, reply, principal, answer);
  }

  private send(request: FastifyRequest, reply: FastifyReply, principal: Principal, answer: IngestAnswer | Refusal): FastifyReply {
    reply.header('ratelimit-policy', this.limiter.policy).header('ratelimit', this.limiter.stateOf(principal));
    if ('problem' in answer) return sendRefusal(request, reply, answer);
    reply.header('ingest-rejected', answer.rejected).header('content-type', 'application/json; charset=utf-8');
    return reply.code(statusOf(answer)).send(JSON.stringify(answer));
  }
}
