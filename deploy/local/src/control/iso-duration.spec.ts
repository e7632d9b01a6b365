import { describe, expect, it } from 'vitest';
import { addDuration, parseIsoDuration } from './iso-duration.js';

const after = (instant: string, text: string): string => addDuration(new Date(instant), parseIsoDuration(text)!).toISOString();

describe('a duration', () => {
  it.each([
    ['2026-01-31T12:00:00Z', 'P1M', '2026-02-28T12:00:00.000Z'],
    ['2026-11-30T00:00:00Z', 'P3M', '2027-02-28T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', 'P1Y', '2025-02-28T00:00:00.000Z'],
    ['2026-12-31T23:00:00Z', 'P1DT2H', '2027-01-02T01:00:00.000Z'],
    ['2026-01-01T00:00:00Z', 'P2W', '2026-01-15T00:00:00.000Z'],
    ['2026-01-01T00:00:00Z', 'PT90M0.5S', '2026-01-01T01:30:00.500Z'],
    ['2026-01-31T00:00:00Z', 'P1M1D', '2026-03-01T00:00:00.000Z'],
    ['2026-01-01T00:00:00Z', 'PT0S', '2026-01-01T00:00:00.000Z'],
  ])('%s plus %s is %s', (instant, text, expected) => {
    expect(after(instant, text)).toBe(expected);
  });

  it.each(['', 'P', 'PT', 'P1DT', '1D', 'P-1D', '-P1D', 'P1H', 'P1.5M', 'P1D2M', 'p1d'])('is not %j', (text) => {
    expect(parseIsoDuration(text)).toBeNull();
  });
});
