import type { Outcome } from '@trueup/contracts';
import type { AgreementLineRow } from '@trueup/control';
import { describe, expect, it } from 'vitest';
import type { DayEntry } from '../log/day-log.js';
import { restoredEntries } from './restored-entries.js';

const row = { sku: 'E3', billingIdentifier: '1001' } as unknown as AgreementLineRow;
const entry = { code: 'LINE_UPDATED', message: '', details: {}, connection: { id: 'con_1', kind: 'autotask' } } as DayEntry;
const written = (more: object) =>
  ({ writes: [{ writeKey: 'w', effectiveDate: '2026-11-01', before: '9', after: '4', ...more }] }) as unknown as Outcome;

describe('restoredEntries', () => {
  it('says nothing of a write that found what it expected', () => {
    expect(restoredEntries(row, written({}), entry)).toEqual([]);
  });

  it('tells as drift what was written over, with both values and what became of it', () => {
    const writtenOver = 'Changed in the PSA: theirs 9 from 2026-11-01; ours 4 from 2026-11-01';
    const message = `E3 of account 1001: ${writtenOver}; restored: 9 → 4 from 2026-11-01`;
    expect(restoredEntries(row, written({ writtenOver }), entry)).toMatchObject([{ code: 'DRIFT_DETECTED', message }]);
  });
});
