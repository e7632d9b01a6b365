import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import type { Logger } from '@trueup/service';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOfHttpError, sendRefusal } from './send-problem.js';

/** Every error that Nest would answer leaves as problem+json, without a stack trace. */
@Catch()
export class ProblemFilter implements ExceptionFilter<unknown> {
  constructor(private readonly logger: Logger) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const statusCode = exception instanceof HttpException ? exception.getStatus() : 500;
    if (statusCode >= 500) this.logger.error({ err: exception, requestId: request.id }, 'request failed');
    void sendRefusal(request, reply, problemOfHttpError({ statusCode, message: '' }));
  }
}
