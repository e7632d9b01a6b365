import { SetMetadata } from '@nestjs/common';

export const HIDES_BODY = Symbol('hides body');

/** The body of this route is a secret: the audit keeps the names of its members alone. */
export function HidesBody(): MethodDecorator {
  return SetMetadata(HIDES_BODY, true);
}
