import { describe, expect, it } from 'vitest';
import { progressLine } from './progress-line.js';

describe('the line of progress', () => {
  it('tells share, rate, what is left, and what was refused', () => {
    const line = progressLine({ done: 500, total: 1_000, from: 0, elapsedMs: 10_000, events: 12_340, rejected: 3 });
    expect(line).toBe('[############------------]  50 %  12,340 events  1,234/s  10 s left  3 rejected');
  });

  it('reckons what is left by this run alone when an earlier one was continued', () => {
    const line = progressLine({ done: 900, total: 1_000, from: 800, elapsedMs: 100_000, events: 10, rejected: 0 });
    expect(line).toContain('1 min 40 s left');
  });

  it('promises nothing before anything is done', () => {
    expect(progressLine({ done: 0, total: 10, from: 0, elapsedMs: 0, events: 0, rejected: 0 })).not.toContain('left');
  });
});
