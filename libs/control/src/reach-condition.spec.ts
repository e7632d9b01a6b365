import { describe, expect, it } from 'vitest';
import { reachCondition } from './reach-condition.js';

const columns = { customer: 'p.customer_code', tenant: 'p.tenant_id' };

describe('reachCondition', () => {
  it('lets the whole tenant see everything', () => {
    expect(reachCondition('tenant', columns, [])).toBe('true');
  });

  it('numbers its values after those that are there', () => {
    const parameters: unknown[] = ['ten_1'];
    expect(reachCondition({ customerCodes: ['C1'] }, columns, parameters)).toBe('p.customer_code = any($2::text[])');
    expect(parameters).toEqual(['ten_1', ['C1']]);
  });

  it('lets a reseller see itself and its customers of the same tenant', () => {
    const parameters: unknown[] = [];
    const condition = reachCondition({ resellerCode: 'R1' }, columns, parameters);
    expect(condition).toContain('p.customer_code = $1');
    expect(condition).toContain('r.tenant_id = p.tenant_id');
    expect(parameters).toEqual(['R1']);
  });
});
