import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@trueup/service';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import { answerBrokenRequest } from './answer-broken-request.js';
import type { TokenReader } from './authenticate.js';
import { EventReceiver } from './event-receiver.js';
import { EventsRoute, TOKEN_READER } from './events-route.js';
import { ingestLimits } from './ingest-limits.js';
import { EventLimiter } from './limits/event-limiter.js';
import { LimitsController } from './limits-controller.js';
import { ProblemFilter } from './problem-filter.js';
import { problemOfHttpError, sendRefusal } from './send-problem.js';

export interface IngestAppParts {
  receiver: EventReceiver;
  tokens: TokenReader;
  limiter: EventLimiter;
  logger: Logger;
  /** How long a sender may take; by default what `GET /v1/ingest` publishes. */
  timeouts?: { headersMs: number; requestMs: number };
}

const PUBLISHED_TIMEOUTS = {
  headersMs: ingestLimits.headersTimeoutSeconds * 1000,
  requestMs: ingestLimits.requestTimeoutSeconds * 1000,
};

@Module({})
class IngestModule {}

/** The HTTP side of ingest, not yet listening. */
export async function createIngestApp(parts: IngestAppParts): Promise<NestFastifyApplication> {
  const adapter = adapterFor(parts.timeouts ?? PUBLISHED_TIMEOUTS);
  const app = await NestFactory.create<NestFastifyApplication>(moduleOf(parts), adapter, { logger: false, bodyParser: false });
  app.useGlobalFilters(new ProblemFilter(parts.logger));
  await app.init();
  return app;
}

function adapterFor({ headersMs, requestMs }: NonNullable<IngestAppParts['timeouts']>): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: ingestLimits.maxBodyBytes,
    genReqId: () => `req_${randomUUID()}`,
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, maxHeaderSize: ingestLimits.maxHeaderBytes, connectionsCheckingInterval: headersMs / 10 },
    clientErrorHandler: answerBrokenRequest,
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) =>
      void sendRefusal(request, reply, problemOfHttpError(error)),
    forceCloseConnections: 'idle',
    skipMiddie: true,
  });
}

function moduleOf({ receiver, tokens, limiter }: IngestAppParts): DynamicModule {
  return {
    module: IngestModule,
    controllers: [LimitsController],
    providers: [
      EventsRoute,
      { provide: EventReceiver, useValue: receiver },
      { provide: EventLimiter, useValue: limiter },
      { provide: TOKEN_READER, useValue: tokens },
    ],
  };
}
