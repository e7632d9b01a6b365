import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { BatchContext } from './batch-context.js';
import { type Observable, throwError } from 'rxjs';

/**
 * Lets the error of a batch handler reach the transport as it is. Nest's own filter would log it and hand on
 * "Internal server error". Bind it globally: `app.useGlobalFilters(new BatchErrorFilter())`, or use `@OnBatch`.
 */
@Catch()
export class BatchErrorFilter implements ExceptionFilter<unknown> {
  catch(exception: unknown, host: ArgumentsHost): Observable<never> {
    // Errors of other transports keep their own way.
    if (!(host.getArgByIndex(1) instanceof BatchContext)) throw exception;
    return throwError(() => exception);
  }
}
