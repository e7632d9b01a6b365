import { HttpStatus } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Observable, map } from 'rxjs';
import { entityTagOf, tagsIn } from './entity-tag.js';
import { whileHandling } from './handled-request.js';
import { TAGGED } from './tagged.js';

/** Adds the headers that every answer of its sort carries: entity tags, links to next pages, the mark of a replay. */
export class AnswerInterceptor implements NestInterceptor {
  constructor(private readonly reflector: Reflector) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    const isTagged = this.reflector.get<boolean | undefined>(TAGGED, context.getHandler()) === true;
    const handled = { isReplay: false };
    const answers = new Observable((subscriber) => whileHandling(handled, () => next.handle().subscribe(subscriber)));
    return answers.pipe(
      map((answer) => {
        if (handled.isReplay) reply.header('Idempotent-Replayed', 'true');
        linkNextPage(request, reply, answer);
        return isTagged ? tagged(request, reply, answer) : answer;
      }),
    );
  }
}

function linkNextPage(request: FastifyRequest, reply: FastifyReply, answer: unknown): void {
  const cursor = typeof answer === 'object' && answer !== null && 'nextCursor' in answer ? answer.nextCursor : null;
  if (typeof cursor !== 'string') return;
  const next = new URL(request.url, 'http://api');
  next.searchParams.set('cursor', cursor);
  reply.header('Link', `<${next.pathname}${next.search}>; rel="next"`);
}

function tagged(request: FastifyRequest, reply: FastifyReply, answer: unknown): unknown {
  const tag = entityTagOf(answer);
  reply.header('ETag', tag);
  reply.header('Cache-Control', 'private, no-cache'); // may be kept, but is asked for again each time
  if (request.method !== 'GET' || !isKnown(request.headers['if-none-match'], tag)) return answer;
  reply.status(HttpStatus.NOT_MODIFIED);
  return undefined;
}

/** Weak comparison (RFC 9110); a header that cannot be read is ignored, the answer is only longer. */
function isKnown(header: string | undefined, tag: string): boolean {
  const tags = header === undefined ? null : tagsIn(header);
  return tags !== null && (tags === '*' || tags.some((known) => known.replace(/^W\//, '') === tag));
}
