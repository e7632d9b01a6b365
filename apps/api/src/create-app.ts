import fastifyCookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiParts } from './api-parts.js';
import { AppModule } from './app-module.js';
import { toCsvText } from './csv/csv-text.js';
import { answerBrokenRequest } from './http/answer-broken-request.js';
import { ProblemError, malformedParameter } from './http/problem-error.js';
import { jsonBodyReader } from './http/read-json-body.js';
import { refuseAmbiguous } from './http/refuse-ambiguous.js';
import { requestIdOf } from './http/request-id.js';
import { safeHeaders } from './http/safe-headers.js';
import { sendProblem } from './http/send-problem.js';
import { OpenApiHolder } from './openapi-controller.js';
import { openApiDocument } from './openapi-document.js';

const bodyLimit = 1024 * 1024;
const maxParamLength = 2048; // 128 characters of four bytes, each percent-encoded

const maxHeaderSize = 16 * 1024;
/** How long a caller may take for all headers, and for the whole request. */
const patience = { headersMs: 10_000, requestMs: 30_000 };

/** The whole HTTP side, not yet listening. */
export async function createApp(parts: ApiParts): Promise<NestFastifyApplication> {
  const { headersMs, requestMs } = parts.patience ?? patience;
  const adapter = new FastifyAdapter({
    bodyLimit,
    routerOptions: { maxParamLength },
    genReqId: requestIdOf,
    trustProxy: parts.trustedProxies.length > 0 && [...parts.trustedProxies],
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, maxHeaderSize, connectionsCheckingInterval: headersMs / 10 },
    clientErrorHandler: answerBrokenRequest,
    forceCloseConnections: true,
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      reply.headers({ ...safeHeaders, 'X-Request-Id': request.id });
      sendProblem(reply, request, malformedParameter('address', 'Must be a valid percent-encoded address'));
    },
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  await app.register(fastifyCookie);
  prepare(adapter.getInstance());
  app.get(OpenApiHolder).document = openApiDocument(app);
  return app;
}

function prepare(server: FastifyInstance): void {
  server.addHook('onRequest', async (request, reply) => {
    reply.header('X-Request-Id', request.id);
    reply.headers(safeHeaders);
    refuseAmbiguous(request);
  });
  server.removeAllContentTypeParsers();
  const jsonTypes = ['application/json', 'application/merge-patch+json'];
  server.addContentTypeParser(jsonTypes, { parseAs: 'string', bodyLimit }, jsonBodyReader(server));
  server.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
    const text = toCsvText(body as Buffer);
    if (text) done(null, text);
    else done(new ProblemError('malformed-body', 'The file is not UTF-8; save it as CSV UTF-8 and send it again.'));
  });
}
