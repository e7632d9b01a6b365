import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { CsvText } from '../csv/csv-text.js';
import { ProblemError } from './problem-error.js';

/** Refuses parameters and bodies on routes that declare none, as the schemas of the others refuse unknown members. */
export class DeclaredInputInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { query, body } = context.switchToHttp().getRequest<FastifyRequest>();
    const takes = inputsOf(context);
    if (!takes.query) refuseMembers('malformed-parameter', query, 'Unknown parameter');
    if (!takes.body && !(body instanceof CsvText)) refuseMembers('validation-failed', body, 'Unknown member');
    return next.handle();
  }
}

function inputsOf(context: ExecutionContext): { query: boolean; body: boolean } {
  const declared: unknown = Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name);
  const kinds = Object.keys((declared ?? {}) as object).map((key) => Number(key.split(':')[0]));
  return { query: kinds.includes(RouteParamtypes.QUERY), body: kinds.includes(RouteParamtypes.BODY) };
}

function refuseMembers(code: 'malformed-parameter' | 'validation-failed', input: unknown, detail: string): void {
  if (input === undefined || input === null) return;
  const members = typeof input === 'object' && !Array.isArray(input) ? Object.keys(input) : [''];
  if (members.length === 0) return;
  const pointerOf = (member: string) => (member === '' ? '' : `/${member.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  const errors = members.map((member) => ({ pointer: pointerOf(member), detail }));
  throw new ProblemError(code, 'This address takes no such input; leave out what errors name.', errors);
}
