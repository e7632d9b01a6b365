import { HttpCode, applyDecorators } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/** Another status with which a route answers, of the same shape. */
export function AlsoAnswers(status: number, description: string, schema: z.ZodType): MethodDecorator {
  return ApiResponse({ status, description, standardSchema: schema as never });
}

/** States a route's sentence, success status and answer; all three appear in the OpenAPI document. */
export function Answers(status: number, summary: string, schema?: z.ZodType): MethodDecorator {
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary }),
    ApiResponse({ status, description: summary, ...(schema && { standardSchema: schema as never }) }),
  );
}
