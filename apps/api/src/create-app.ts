import fastifyCookie from '@fastify/cookie';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApiParts } from './api-parts.js';
import { AppModule } from './app-module.js';
import { toCsvText } from './csv/csv-text.js';
import { ProblemError, malformedParameter } from './http/problem-error.js';
import { requestIdOf } from './http/request-id.js';
import { sendProblem } from './http/send-problem.js';
import { OpenApiHolder } from './openapi-controller.js';
import { openApiDocument } from './openapi-document.js';

const bodyLimit = 1024 * 1024;
const maxParamLength = 2048; // 128 characters of four bytes, each percent-encoded

/** The whole HTTP side, not yet listening. */
export async function createApp(parts: ApiParts): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit,
    routerOptions: { maxParamLength },
    genReqId: requestIdOf,
    requestTimeout: 30_000,
    forceCloseConnections: true,
    frameworkErrors: (_error: unknown, request: FastifyRequest, reply: FastifyReply) => {
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
    reply.header('Cache-Control', 'no-store');
    reply.header('X-Content-Type-Options', 'nosniff');
  });
  server.removeAllContentTypeParsers();
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.addContentTypeParser(
    ['application/json', 'application/merge-patch+json'],
    { parseAs: 'string', bodyLimit },
    (request, body, done) => {
      // Many clients send the content type with every request; no body is no body.
      if (body === '') done(null, undefined);
      else void parseJson(request, body as string, done);
    },
  );
  server.addContentTypeParser('text/csv', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
    const text = toCsvText(body as Buffer);
    if (text) done(null, text);
    else done(new ProblemError('malformed-body', 'The file is not UTF-8; save it as CSV UTF-8 and send it again.'));
  });
}
