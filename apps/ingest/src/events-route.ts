import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Principal } from '@trueup/access';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate, type TokenReader } from './authenticate.js';
import { EventReceiver } from './event-receiver.js';
import { statusOf } from './ingest-answer.js';
import { ingestLimits } from './ingest-limits.js';
import type { Refusal } from './ingest-problem.js';
import { problemOfHttpError, sendRefusal } from './send-problem.js';
import { readEnvelope } from './read-envelope.js';
import { refuseOptions } from './refuse-options.js';

export const TOKEN_READER = Symbol('TOKEN_READER');

/**
 * `POST /v1/events`. A route of Fastify itself, because every step between socket and log costs events per second: the token is
 * checked before the body is read, the body stays a buffer until it is parsed once.
 */
@Injectable()
export class EventsRoute implements OnModuleInit {
  private readonly principals = new WeakMap<FastifyRequest, Principal>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly receiver: EventReceiver,
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
    const refusal = refuseOptions(request);
    if (refusal) return sendRefusal(request, reply, refusal);
    this.principals.set(request, admitted);
    return undefined;
  }

  private async receive(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const answer = await this.answer(request);
    if ('problem' in answer) return sendRefusal(request, reply, answer);
    return reply.code(statusOf(answer)).header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(answer));
  }

  private async answer(request: FastifyRequest): Promise<Awaited<ReturnType<EventReceiver['receive']>> | Refusal> {
    const envelope = readEnvelope(request.headers['content-type'] ?? '', request.body as Buffer);
    if ('problem' in envelope) return envelope;
    const traceparent = request.headers['traceparent'];
    return this.receiver.receive(
      this.principals.get(request)!,
      envelope.inputs,
      typeof traceparent === 'string' ? traceparent : undefined,
    );
  }
}
