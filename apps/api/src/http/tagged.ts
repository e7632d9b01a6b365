import { SetMetadata, applyDecorators } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';

/** Marks routes whose answer carries an `ETag`. */
export const TAGGED = Symbol('tagged');

const description = 'The ETag that an earlier reading gave: 304 without a body while nothing has changed.';

/** The reading of a thing that can be edited: it has an `ETag`, and answers `If-None-Match` with 304. */
export function TaggedReading(): MethodDecorator {
  return applyDecorators(
    SetMetadata(TAGGED, true),
    ApiHeader({ name: 'If-None-Match', required: false, description, schema: { type: 'string' } }),
    ApiResponse({ status: 304, description: 'Nothing has changed since that reading' }),
  );
}

/** An edit that answers what the reading of the same thing shows, with its new `ETag`. */
export function TaggedEdit(): MethodDecorator {
  return SetMetadata(TAGGED, true);
}
