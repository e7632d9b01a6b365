import type { BatchOutcome } from './log-record.js';

/** What a handler answered, as an outcome. Throws for anything else: a handler that forgot to return one must not count as done. */
export function toOutcome(answer: unknown): BatchOutcome {
  if (typeof answer === 'object' && answer !== null) {
    if ('done' in answer && typeof answer.done === 'bigint') return { done: answer.done };
    if ('retryAt' in answer && answer.retryAt instanceof Date && 'from' in answer && typeof answer.from === 'bigint')
      return { retryAt: answer.retryAt, from: answer.from };
  }
  throw new Error('batch handler returned no outcome');
}
