import { applyDecorators, UseFilters } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import { BatchErrorFilter } from './batch-error-filter.js';

/** Marks a method `(batch: RecordBatch, context?: BatchContext) => Promise<BatchOutcome>` as the handler of a topic. One handler per topic. */
export function OnBatch(topic: string): MethodDecorator {
  return applyDecorators(EventPattern<string>(topic), UseFilters(BatchErrorFilter)) as MethodDecorator;
}
