import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inParts } from './in-parts.js';

it('parts together are the list, none is larger than allowed unless one entry is', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 })), fc.integer({ min: 10, max: 200 }), (list, most) => {
      const parts = inParts(list, most);
      expect(parts.flat()).toEqual(list);
      for (const part of parts) {
        expect(part.length <= 1 || Buffer.byteLength(JSON.stringify(part)) - 1 <= most).toBe(true);
      }
      expect(parts.length === 1 || parts.every((part) => part.length > 0)).toBe(true);
    }),
  );
});
