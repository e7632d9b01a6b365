import type { QuantityChange } from '@trueup/contracts';
import { describe, expect, it } from 'vitest';
import { acceptChange, type ArrivedChange } from './accept-change.js';
import type { LineRow } from './line-row.js';

const pace = { quietMs: 250, longestMs: 1_000 };
const start = new Date('2026-07-20T10:00:00.000Z');
const after = (ms: number): Date => new Date(start.getTime() + ms);
const arrived = (version: number, isPreview = false): ArrivedChange => ({
  connectionId: 'con_1',
  key: 'al_1',
  isPreview,
  change: {
    tenantId: 't',
    connectionId: 'con_1',
    agreementLineKey: 'al_1',
    version,
    changeId: `c${version}`,
    account: { billingIdentifier: 'a' },
  } as QuantityChange,
});

describe('the acceptance of a change', () => {
  it('drops what is not newer', () => {
    const first = acceptChange(undefined, arrived(1), start, pace)!;
    expect(acceptChange(first.row, arrived(1), start, pace)).toBeUndefined();
  });

  it('ends every version that it replaces, also one that was never seen, and none twice', () => {
    const first = acceptChange(undefined, arrived(1), start, pace)!;
    const fourth = acceptChange(first.row, arrived(4), start, pace)!;
    expect(fourth.superseded.map((outcome) => outcome.version)).toEqual([1, 2, 3]);
    const done: LineRow = { ...fourth.row, isDue: false, finalKind: 'delivered' };
    expect(acceptChange(done, arrived(5), start, pace)!.superseded).toEqual([]);
  });

  it('gathers changes while they keep coming, but no longer than a second', () => {
    let row: LineRow | undefined;
    const due: number[] = [];
    for (let i = 0; i < 9; i++) {
      row = acceptChange(row, arrived(i + 1), after(i * 200), pace)!.row;
      due.push(row.dueAt.getTime() - start.getTime());
    }
    expect(due).toEqual([250, 450, 650, 850, 1_000, 1_000, 1_000, 1_000, 1_000]);
  });

  it('begins to gather anew for a line at rest', () => {
    const row = acceptChange(undefined, arrived(1), start, pace)!.row;
    const waiting: LineRow = { ...row, waitsOn: 'date', dueAt: after(86_400_000) };
    const { dueAt, waitsOn } = acceptChange(waiting, arrived(2), after(5_000), pace)!.row;
    expect([dueAt, waitsOn]).toEqual([after(5_250), undefined]);
  });

  it('forgets a line with its tombstone, and takes it up again', () => {
    const row = acceptChange(undefined, arrived(1), start, pace)!.row;
    const gone = acceptChange(row, { connectionId: 'con_1', key: 'al_1', isPreview: false }, start, pace)!.row;
    expect(gone).toMatchObject({ isGone: true, isDue: false });
    expect(acceptChange(gone, arrived(2), start, pace)!.row).toMatchObject({ isGone: false, isDue: true });
  });
});
