import { applyDecorators, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { BatchErrorFilter } from './batch-error-filter.js';

/**
 * Marks a method `(batch: RecordBatch) => Promise<BatchOutcome>` as the handler of a topic; one handler per topic.
 * For the context too, decorate both: `(@Payload() batch: RecordBatch, @Ctx() context: BatchContext)`.
 */
export function OnBatch(topic: string): MethodDecorator {
  return applyDecorators(EventPattern<string>(topic), UseFilters(BatchErrorFilter)) as MethodDecorator;
}
