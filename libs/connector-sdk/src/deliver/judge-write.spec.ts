import type { QuantityChange, Step } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import type { LedgerWrite, WriteState } from '../ledger/line-row.js';
import { judgeWrite, type WriteLook } from './judge-write.js';

const at = (quantity: string): Step[] => [{ from: '2026-07-13', quantity }];
const intendedAt = new Date('2026-07-20T10:00:00Z');
const write = (state: WriteState): LedgerWrite => ({
  writeKey: 'k',
  version: 1,
  ordinal: 1,
  state,
  intendedAt,
  isReported: false,
  write: {
    code: 'LINE_UPDATED',
    effectiveDate: '2026-07-13',
    before: at('11'),
    after: at('14'),
    request: { method: 'POST', path: 'x' },
  },
});
const look = (state: WriteState, held: WriteLook['held'], afterMs: number, more: Partial<QuantityChange> = {}): WriteLook => ({
  write: write(state),
  change: { version: 2, ...more } as QuantityChange,
  held,
  isNewRecordThere: false,
  now: new Date(intendedAt.getTime() + afterMs),
  settleMs: 1_000,
});

describe('the verdict about an unsettled write', () => {
  it.each(['intent', 'acknowledged', 'unknown', 'disputed'] as const)(
    'is confirmed for %s when the PSA shows its result',
    (state) => {
      expect(judgeWrite(look(state, at('14'), 0))).toBe('confirmed');
    },
  );

  it('is open while the PSA may still be executing', () => {
    expect((['intent', 'acknowledged', 'unknown'] as const).map((state) => judgeWrite(look(state, at('11'), 999)))).toEqual([
      'pending',
      'pending',
      'pending',
    ]);
  });

  it('is "not executed" for an unknown one after that, and a person for an acknowledged one', () => {
    expect((['intent', 'unknown', 'acknowledged'] as const).map((state) => judgeWrite(look(state, at('11'), 1_000)))).toEqual([
      'not-executed',
      'not-executed',
      'person',
    ]);
  });

  it('counts from the answer, since a cut answer may come late', () => {
    const late = look('unknown', at('11'), 1_500);
    const answeredAt = new Date(intendedAt.getTime() + 1_000);
    expect(judgeWrite({ ...late, write: { ...late.write, answeredAt } })).toBe('pending');
  });

  it('is a dispute when the PSA shows neither value, until a later version vouches for it', () => {
    expect(judgeWrite(look('unknown', at('12'), 0))).toBe('disputed');
    expect(judgeWrite(look('disputed', at('12'), 0, { acceptFound: { steps: at('12') } }))).toBe('vouched');
    expect(judgeWrite(look('unknown', at('12'), 0, { version: 1, acceptFound: { steps: at('12') } }))).toBe('disputed');
  });

  it('is never given by what was vouched for while the PSA may still be executing', () => {
    expect(judgeWrite(look('unknown', at('11'), 500, { acceptFound: { steps: at('11') } }))).toBe('pending');
    expect(judgeWrite(look('acknowledged', at('11'), 1_000, { acceptFound: { steps: at('11') } }))).toBe('vouched');
  });

  it('rests on the answer or on a new record where nothing can be read', () => {
    const unreadable = look('unknown', 'unreadable', 0);
    expect(judgeWrite(look('acknowledged', 'unreadable', 0))).toBe('confirmed');
    expect([judgeWrite(unreadable), judgeWrite({ ...unreadable, isNewRecordThere: true })]).toEqual(['pending', 'confirmed']);
    expect(judgeWrite(look('unknown', 'unreadable', 1_000))).toBe('person');
  });
});
