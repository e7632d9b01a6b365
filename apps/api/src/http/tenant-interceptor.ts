import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { inTenant } from '@trueup/persistence';
import type { FastifyRequest } from 'fastify';
import { Observable } from 'rxjs';

/**
 * Ties whatever a request does to the tenant of its caller: `db` shows it that tenant's rows and no others. A request without a caller,
 * such as a sign-in, has no tenant, and is refused by `db`.
 */
export class TenantInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const { principal } = context.switchToHttp().getRequest<FastifyRequest>();
    if (!principal) return next.handle();
    return new Observable((subscriber) => inTenant(principal.tenantId, () => next.handle().subscribe(subscriber)));
  }
}
