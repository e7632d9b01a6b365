import { applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiProduces, ApiResponse } from '@nestjs/swagger';

/** States the sentence of a route that answers a CSV file. */
export function AnswersCsv(summary: string): MethodDecorator {
  return applyDecorators(
    ApiOperation({ summary }),
    ApiProduces('text/csv'),
    ApiResponse({ status: 200, description: summary, content: { 'text/csv': { schema: { type: 'string' } } } }),
  );
}
