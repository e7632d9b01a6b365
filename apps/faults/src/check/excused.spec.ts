import { describe, expect, it } from 'vitest';
import { checkHistory } from './check-history.js';
import type { History } from './history.js';

const key = 'ten_1/ln_1';
const history: History = {
  tenants: [],
  stored: [],
  targets: [2, 1].map((version) => ({ key, tenantId: 'ten_1', lineKey: 'ln_1', version, marks: [] })),
  changes: [],
  writes: [],
  effects: [],
  parked: [],
  probes: [],
};

describe('a finding that a fault causes itself', () => {
  it('counts like any other unless the fault excuses it', () => {
    expect(checkHistory(history).reordered).toBe(1);
    expect(checkHistory(history, ({ kind }) => kind === 'lost').reordered).toBe(1);
    expect(checkHistory(history, ({ kind }) => kind === 'reordered')).toMatchObject({ reordered: 0, findings: [] });
  });
});
