import { SetMetadata } from '@nestjs/common';

export const ACT_RULE = Symbol('act rule');

/** How the audit treats a route that is no mere reading. */
export type ActRule = 'hides-body' | 'changes-nothing';

/** The body of this route is a secret: the audit keeps the names of its members alone. */
export function HidesBody(): MethodDecorator {
  return SetMetadata(ACT_RULE, 'hides-body' satisfies ActRule);
}

/** This route is a question, although it is asked with another method than GET. */
export function ChangesNothing(): MethodDecorator {
  return SetMetadata(ACT_RULE, 'changes-nothing' satisfies ActRule);
}
