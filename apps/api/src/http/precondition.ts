import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';
import { ApiHeader, ApiResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { entityTagOf, tagsIn } from './entity-tag.js';
import { ProblemError, malformedParameter } from './problem-error.js';

/** The `If-Match` of an edit, or none. */
export class Precondition {
  constructor(private readonly tags: readonly string[] | '*' | null) {}

  /**
   * Refuses with `precondition-failed` when what `show` gives (null: nothing there) is not what the caller read. To be called in the
   * transaction of the edit, under the lock that keeps others from editing: so no change in between is lost.
   */
  async refuseChanged(show: () => Promise<unknown>): Promise<void> {
    if (this.tags === null) return;
    const shown = await show();
    const isMet = shown !== null && (this.tags === '*' || this.tags.includes(entityTagOf(shown)));
    if (!isMet) throw new ProblemError('precondition-failed', 'Nothing was changed. Read it again and decide again.');
  }
}

const description = 'The ETag that the reading gave: the edit is refused with 412 when somebody changed it since.';

/** The precondition of an edit. */
export const IfMatch = createParamDecorator(
  (_: unknown, context: ExecutionContext): Precondition => {
    const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
    if (header === undefined) return new Precondition(null);
    const tags = tagsIn(header);
    if (tags === null) throw malformedParameter('If-Match', 'Must be * or the ETag of a reading, with its quotes');
    return new Precondition(tags);
  },
  [documented],
);

function documented(target: object, method: string | symbol | undefined): void {
  const descriptor = method === undefined ? undefined : Object.getOwnPropertyDescriptor(target, method);
  if (method === undefined || !descriptor) return;
  ApiHeader({ name: 'If-Match', required: false, description, schema: { type: 'string' } })(target, method, descriptor);
  ApiResponse({ status: 412, description: 'It was changed since it was read' })(target, method, descriptor);
}
