import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchFate } from './ingest-client.js';
import { sendSplit } from './send-split.js';

/** Refuses every body that holds an unreadable event, as a service does that parses the whole of it first. */
const strict = (events: readonly string[]): Promise<BatchFate> =>
  Promise.resolve(
    events.includes('unreadable')
      ? { refused: { code: 'malformed-body', title: 'The body cannot be read', errors: [] } }
      : { results: events.map((_, index) => ({ index, status: 'accepted' })).toReversed() as never },
  );

describe('a batch that is refused as a whole', () => {
  it('costs only the events that cause it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('sound', 'sound', 'unreadable'), { minLength: 1, maxLength: 30 }),
        async (events) => {
          const fates = await sendSplit(strict, events);
          expect(fates.map(({ status }) => status)).toEqual(events.map((event) => (event === 'sound' ? 'accepted' : 'rejected')));
        },
      ),
    );
  });
});
