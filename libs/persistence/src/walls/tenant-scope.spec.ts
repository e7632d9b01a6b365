import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { boundToTenant, currentTenant, inTenant } from './tenant-scope.js';

describe('work within a tenant', () => {
  it('knows its tenant however long it takes, beside work of others', async () => {
    const ask = (tenantId: string) =>
      inTenant(tenantId, async () => {
        await nextTurn();
        return currentTenant();
      });

    expect(await Promise.all([ask('a'), ask('b')])).toEqual(['a', 'b']);
  });

  it('is refused without one', () => {
    expect(() => currentTenant()).toThrow('outside of a tenant');
    expect(() => inTenant('', () => 1)).toThrow('A tenant has an id');
  });

  it('keeps it where somebody else calls later, from nowhere or from another tenant', () => {
    const bound = inTenant('a', () => boundToTenant((suffix: string) => currentTenant() + suffix));

    expect([bound('1'), inTenant('b', () => bound('2'))]).toEqual(['a1', 'a2']);
  });
});
