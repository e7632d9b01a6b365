import type { LineTarget } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import type { ConnectionMappings } from './agreement-place.js';
import { type Contribution, contributionsOf } from './contributions-of.js';
import type { CustomerMappingRow, ProductMappingRow } from './dated-mapping.js';

const october = { id: '2026-10-31', start: '2026-10-01', end: '2026-11-01', state: 'closing' } as const;
const november = { id: '2026-11-30', start: '2026-11-01', end: '2026-12-01', state: 'open' } as const;
const counts = { present: '9', peak: '8', removed: '0' };

const target: LineTarget = {
  tenantId: 'ten_1',
  lineKey: 'ln_1',
  customerCode: 'C1',
  payers: [{ from: '0001-01-01', billedBy: 'provider' }],
  sku: 'E3',
  term: 'P1Y',
  billingPlan: 'monthly',
  siteCode: '',
  targetVersion: 1,
  endOfSet: true,
  periods: [
    { ...october, ...counts, steps: [{ from: '2026-10-01', quantity: '2' }] },
    {
      ...november,
      ...counts,
      steps: [
        { from: '2026-11-01', quantity: '2' },
        { from: '2026-11-20', quantity: '5' },
      ],
    },
  ],
  changed: { from: '2026-11-20', previousQuantity: '2', quantity: '5' },
  causes: [],
  causeCount: 0,
};

const customer = (validFrom: string, billingIdentifier: string | null, customerCode = 'C1'): CustomerMappingRow => ({
  customerCode,
  connectionId: 'con_1',
  validFrom,
  billingIdentifier,
  agreementRef: null,
});
const product = (psaProductRef: string, more: Partial<ProductMappingRow> = {}): ProductMappingRow => ({
  sku: 'E3',
  connectionId: 'con_1',
  term: '',
  billingPlan: '',
  siteCode: '',
  validFrom: '2026-01-01',
  psaProductRef,
  agreementRef: null,
  ...more,
});
const mappings = (customers: CustomerMappingRow[], products = [product('42')]): ConnectionMappings => ({
  connectionId: 'con_1',
  customers,
  products,
});

const today = '2026-11-23';
const daily = { prorate: true, counting: 'active' } as const;
const monthly = { prorate: false, counting: 'active' } as const;

function given(result: Contribution[] | string): Contribution[] {
  if (typeof result === 'string') throw new Error(result);
  return result;
}
const stepsAt = (result: Contribution[] | string, account: string): string[] =>
  given(result)
    .find(({ place }) => place.billingIdentifier === account)!
    .steps.map(({ from, quantity }) => `${from} ${quantity}`);

describe('contributionsOf', () => {
  it('adds the whole line where one mapping holds all along', () => {
    const result = contributionsOf(target, mappings([customer('2026-01-01', '7')]), daily, today);
    expect(stepsAt(result, '7')).toEqual(['2026-10-01 2', '2026-11-01 2', '2026-11-20 5']);
  });

  it('adds one step per period with the level of its last day when the connection does not prorate', () => {
    const result = contributionsOf(target, mappings([customer('2026-01-01', '7')]), monthly, today);
    expect(stepsAt(result, '7')).toEqual(['2026-10-01 2', '2026-11-01 5']);
  });

  it.each([
    ['present', '9'],
    ['peak', '8'],
  ] as const)('takes the count %s of the period when the connection counts so', (counting, quantity) => {
    const result = contributionsOf(target, mappings([customer('2026-01-01', '7')]), { prorate: false, counting }, today);
    expect(stepsAt(result, '7')).toEqual([`2026-10-01 ${quantity}`, `2026-11-01 ${quantity}`]);
  });

  it('adds nothing before the mapping begins', () => {
    const result = contributionsOf(target, mappings([customer('2026-11-10', '7')]), daily, today);
    expect(stepsAt(result, '7')).toEqual(['2026-10-01 0', '2026-11-01 0', '2026-11-10 2', '2026-11-20 5']);
    expect(given(result)[0]!.mappedFrom).toBe('2026-11-10');
  });

  it('counts a mapping for the whole period that contains its first day when the connection does not prorate', () => {
    const result = contributionsOf(target, mappings([customer('2026-11-10', '7')]), monthly, today);
    expect(stepsAt(result, '7')).toEqual(['2026-10-01 0', '2026-11-01 5']);
    expect(given(result)[0]!.mappedFrom).toBe('2026-11-01');
  });

  it('moves the units from the old account to the new one on the day of the later row', () => {
    const moved = mappings([customer('2026-01-01', '7'), customer('2026-11-10', '8')]);
    const result = contributionsOf(target, moved, daily, today);
    expect(stepsAt(result, '7')).toEqual(['2026-10-01 2', '2026-11-01 2', '2026-11-10 0']);
    expect(stepsAt(result, '8')).toEqual(['2026-10-01 0', '2026-11-01 0', '2026-11-10 2', '2026-11-20 5']);
    expect(given(result).map(({ isCurrent }) => isCurrent)).toEqual([false, true]);
  });

  it('moves the whole period when the connection does not prorate', () => {
    const moved = mappings([customer('2026-01-01', '7'), customer('2026-11-10', '8')]);
    const result = contributionsOf(target, moved, monthly, today);
    expect(stepsAt(result, '7')).toEqual(['2026-10-01 2', '2026-11-01 0']);
    expect(stepsAt(result, '8')).toEqual(['2026-10-01 0', '2026-11-01 5']);
  });

  it('does not know a row that begins after today', () => {
    const later = mappings([customer('2026-01-01', '7'), customer('2026-11-24', '8')]);
    expect(given(contributionsOf(target, later, monthly, today))).toHaveLength(1);
  });

  it('keeps the first day of an account that a later row names again', () => {
    const again = mappings([customer('2026-01-01', '7'), customer('2026-11-10', '7')]);
    expect(given(contributionsOf(target, again, daily, today))[0]!.mappedFrom).toBe('2026-01-01');
  });

  it('names what is missing', () => {
    expect(contributionsOf(target, mappings([]), daily, today)).toBe('CUSTOMER_UNMAPPED');
    expect(contributionsOf(target, mappings([customer('2026-01-01', '7')], []), daily, today)).toBe('PRODUCT_NOT_FOUND');
    expect(contributionsOf(target, mappings([customer('2026-01-01', '7'), customer('2026-11-01', null)]), daily, today)).toBe(
      'CUSTOMER_UNMAPPED',
    );
  });

  it('follows the payer by date', () => {
    const sold: LineTarget = {
      ...target,
      payers: [...target.payers, { from: '2026-11-15', billedBy: 'reseller', resellerCode: 'R1' }],
    };
    const result = contributionsOf(
      sold,
      mappings([customer('2026-01-01', '7'), customer('2026-01-01', '99', 'R1')]),
      daily,
      today,
    );
    expect(stepsAt(result, '7')).toEqual(['2026-10-01 2', '2026-11-01 2', '2026-11-15 0']);
    expect(stepsAt(result, '99')).toEqual(['2026-10-01 0', '2026-11-01 0', '2026-11-15 2', '2026-11-20 5']);
  });

  it("takes the most specific product, and its agreement before the customer's", () => {
    const products = [
      product('any'),
      product('year', { term: 'P1Y', agreementRef: 'A-9' }),
      product('other plan', { term: 'P1Y', billingPlan: 'annual' }),
      product('this plan', { billingPlan: 'monthly' }),
    ];
    const [only] = given(
      contributionsOf(target, mappings([{ ...customer('2026-01-01', '7'), agreementRef: 'A-1' }], products), daily, today),
    );
    expect(only!.place).toMatchObject({ productRef: 'year', agreementRef: 'A-9' });
  });
});
