import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from '@trueup/service';
import { randomUUID } from 'node:crypto';
import type { TokenReader } from './authenticate.js';
import { EventReceiver } from './event-receiver.js';
import { EventsRoute, TOKEN_READER } from './events-route.js';
import { ingestLimits } from './ingest-limits.js';
import { LimitsController } from './limits-controller.js';
import { ProblemFilter } from './problem-filter.js';

export interface IngestAppParts {
  receiver: EventReceiver;
  tokens: TokenReader;
  logger: Logger;
}

@Module({})
class IngestModule {}

/** The HTTP side of ingest, not yet listening. */
export async function createIngestApp(parts: IngestAppParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: ingestLimits.maxBodyBytes,
    genReqId: () => `req_${randomUUID()}`,
    // Fastify's default waits for ever for a body that trickles in.
    requestTimeout: 30_000,
    forceCloseConnections: 'idle',
    skipMiddie: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(moduleOf(parts), adapter, { logger: false, bodyParser: false });
  app.useGlobalFilters(new ProblemFilter(parts.logger));
  await app.init();
  return app;
}

function moduleOf({ receiver, tokens }: IngestAppParts): DynamicModule {
  return {
    module: IngestModule,
    controllers: [LimitsController],
    providers: [EventsRoute, { provide: EventReceiver, useValue: receiver }, { provide: TOKEN_READER, useValue: tokens }],
  };
}
