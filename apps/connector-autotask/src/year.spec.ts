import { startAutotaskSandbox, type RunningSandbox } from '@trueup/psa-sandbox/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LivedYear, type Surroundings } from './lived-year.model.js';
import { YEAR_DAYS, type Year } from './year.model.js';

let sandbox: RunningSandbox;

beforeEach(async () => {
  sandbox = await startAutotaskSandbox();
});
afterEach(() => sandbox.close());

const hour = fc.integer({ min: 0, max: YEAR_DAYS * 24 });
const year: fc.Arbitrary<Year> = fc.record({
  prorate: fc.boolean(),
  closeDays: fc.constantFrom([31, 31], [25, 25], [31, 25], [25, 31], [10, 28]),
  changes: fc.array(fc.tuple(hour, fc.integer({ min: -4, max: 5 })), { minLength: 200, maxLength: 200 }),
  outages: fc.array(fc.tuple(fc.integer({ min: 0, max: YEAR_DAYS }), fc.integer({ min: 1, max: 9 })), {
    minLength: 3,
    maxLength: 8,
  }),
  postedAfterDays: fc.constantFrom(1, 2, 5, 30),
  isWritesFromRaised: fc.boolean(),
});
const surroundings: fc.Arbitrary<Surroundings> = fc.record({
  timeZone: fc.constantFrom('UTC', 'America/New_York'),
  dateAlignment: fc.constantFrom('psa-period', 'exact'),
  switches: fc.record({
    sameDateRule: fc.constantFrom('inside-periods', 'always', 'never'),
    rowEnd: fc.constantFrom('same-day', 'day-before'),
    postedPeriods: fc.constantFrom('refuse', 'accept'),
  }),
});

describe('a year of one line', () => {
  it('is billed to the unit and day, together with the days that are told as shifted', { timeout: 300_000 }, async () => {
    const property = fc.asyncProperty(year, surroundings, async (each, around) => {
      const lived = new LivedYear(sandbox.url, each, around);
      await lived.live();
      expect(await lived.wrongDays()).toEqual([]);
      expect(lived.personsAsked()).toEqual([]);
      await lived.close();
    });
    // Each run is a year over HTTP; the seed meets taken dates, posted periods, cut periods and both ways of proration.
    await fc.assert(property, { numRuns: 5, seed: 4, endOnFailure: true });
  });
});
