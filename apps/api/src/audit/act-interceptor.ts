import { Injectable } from '@nestjs/common';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Observable, tap } from 'rxjs';
import { HIDES_BODY } from './hides-body.js';
import { authorOf } from './author-of.js';
import { CurrentAct } from './current-act.js';
import { toldBody } from './told-details.js';

/** Makes every request that is no mere reading an act, and refuses to call it done while the audit does not know of it. */
@Injectable()
export class ActInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly now: () => Date,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    if (['GET', 'HEAD'].includes(request.method)) return next.handle();
    const isSecret = this.reflector.get<true | undefined>(HIDES_BODY, context.getHandler()) ?? false;
    const act = new CurrentAct(() => this.#told(request, isSecret), request.principal ? authorOf(request.principal) : null);
    const answered = new Observable((subscriber) => act.run(() => next.handle().subscribe(subscriber)));
    return answered.pipe(
      tap(() => {
        if (!act.isSettled && !isDryRun(request)) throw new Error(`${actionOf(request)} left no entry in the audit: use decide`);
      }),
    );
  }

  #told(request: FastifyRequest, isSecret: boolean) {
    const query = request.query as object;
    const body = toldBody(request.body, isSecret);
    const details = { ...(Object.keys(query).length > 0 && { query }), ...(body !== undefined && { body }) };
    const subject = { ...(request.params as Record<string, string>) };
    return { at: this.now(), action: actionOf(request), subject, details, requestId: request.id };
  }
}

/** `PUT /v1/connections/:id/mode` is `connections.mode.put`. */
export function actionOf(request: Pick<FastifyRequest, 'method' | 'routeOptions'>): string {
  const [, ...segments] = (request.routeOptions.url ?? '').split('/').filter(Boolean);
  const nouns = segments.filter((segment) => !segment.startsWith(':'));
  return [...nouns, request.method.toLowerCase()].join('.');
}

function isDryRun(request: FastifyRequest): boolean {
  return (request.query as { dryRun?: unknown }).dryRun === 'true';
}
