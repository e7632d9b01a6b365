import { Injectable } from '@nestjs/common';
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { fieldErrorsOf } from '@trueup/contracts';
import type { z } from 'zod';
import { CsvText } from '../csv/csv-text.js';
import { ProblemError } from './problem-error.js';

/** Parses what a route declares with `@Body({ schema })`, `@Query({ schema })` or `@Param(name, { schema })`. */
@Injectable()
export class SchemaPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const schema = metadata.schema as z.ZodType | undefined;
    if (!schema) return value;
    if (value instanceof CsvText) throw new ProblemError('unsupported-media-type', 'Send Content-Type: application/json.');
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    throw refusalOf(result.error, metadata);
  }
}

function refusalOf(error: z.ZodError, metadata: ArgumentMetadata): ProblemError {
  if (metadata.type === 'body') {
    const detail = 'The body was understood but not accepted; correct the fields named in errors.';
    return new ProblemError('validation-failed', detail, fieldErrorsOf(error));
  }
  const prefix = metadata.data ? `/${metadata.data}` : '';
  return new ProblemError('malformed-parameter', 'Correct the parameters named in errors.', fieldErrorsOf(error, prefix));
}
