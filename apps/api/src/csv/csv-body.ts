import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem-error.js';
import { CsvText } from './csv-text.js';

/** The body of a route that takes a CSV file. */
export const CsvBody = createParamDecorator(
  (_: unknown, context: ExecutionContext): string => {
    const { body } = context.switchToHttp().getRequest<FastifyRequest>();
    if (body instanceof CsvText) return body.text;
    throw new ProblemError('unsupported-media-type', 'Send the file as it is, with Content-Type: text/csv.');
  },
  [documented],
);

function documented(target: object, method: string | symbol | undefined): void {
  const descriptor = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
  if (method === undefined || !descriptor) return;
  ApiConsumes('text/csv')(target, method, descriptor);
  ApiBody({ description: 'A CSV file (RFC 4180) in UTF-8 with a header row', schema: { type: 'string' } })(
    target,
    method,
    descriptor,
  );
}
