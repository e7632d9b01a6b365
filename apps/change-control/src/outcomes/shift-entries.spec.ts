import type { Outcome } from '@trueup/contracts';
import type { AgreementLineRow } from '@trueup/control';
import { describe, expect, it } from 'vitest';
import type { DayEntry } from '../log/day-log.js';
import { shiftEntries } from './shift-entries.js';

const row = {
  version: 4,
  sku: 'E3',
  billingIdentifier: '1001',
  writesFrom: '2026-11-01',
  change: { steps: [{ from: '2026-10-26', quantity: '4', periodId: '2026-11-25' }] },
} as unknown as AgreementLineRow;
const entry = { code: 'LINE_UPDATED', message: '', details: {}, connection: { id: 'con_1', kind: 'autotask' } } as DayEntry;
const written = (effectiveDate: string, version = 4) =>
  ({ version, writes: [{ writeKey: 'w', effectiveDate, before: '0', after: '4' }] }) as unknown as Outcome;

describe('shiftEntries', () => {
  it('says nothing of a write on the day that was asked for, raised to the first day that may be written', () => {
    expect(shiftEntries(row, written('2026-11-01'), entry)).toEqual([]);
  });

  it('names the day asked for and the day taken', () => {
    expect(shiftEntries(row, written('2026-12-01'), entry)).toMatchObject([
      { code: 'EFFECTIVE_DATE_SHIFTED', details: { wanted: '2026-11-01', taken: '2026-12-01' } },
    ]);
  });

  it('is silent about an older version: its schedule is gone', () => {
    expect(shiftEntries(row, written('2026-12-01', 3), entry)).toEqual([]);
  });
});
